#include "protocol/http1/request.hpp"

#include "protocol/http1/characters.hpp"

namespace carillon::http1 {

Bytes RequestHead::path() const {
  if (form_ != TargetForm::Absolute || path_.length != 0) return view(path_);
  // RFC 9112 §3.2.4: what the last proxy would have to send as `*`.
  return method() == "OPTIONS" && query_.length == 0 ? "*" : "/";
}

bool RequestHead::keep_alive() const {
  if (fields_.has_token("connection", "close")) return false;
  return version_ == Version::Http11 || fields_.has_token("connection", "keep-alive");
}

Expectation RequestHead::expectation() const {
  if (version_ == Version::Http10) return Expectation::None;
  return expectation_of(fields_, framing_);
}

Expectation expectation_of(const Fields& fields, Framing framing) {
  if (!fields.has("expect")) return Expectation::None;
  if (!equal_ignoring_case(fields.combined("expect"), "100-continue")) {
    return Expectation::Unknown;
  }
  const bool body = framing != Framing::none() && framing != Framing::content_length(0);
  return body ? Expectation::Continue : Expectation::None;
}

bool RequestHead::upgrades_to(Bytes protocol) const {
  return version_ == Version::Http11 && fields_.has_token("connection", "upgrade") &&
         fields_.has_token("upgrade", protocol);
}

}  // namespace carillon::http1
