// The head of a request, complete and valid: what the router and the handlers see.
#pragma once

#include <cstdint>

#include "core/bytes.hpp"
#include "protocol/http1/fields.hpp"
#include "protocol/http1/framing.hpp"
#include "protocol/http1/target.hpp"

namespace carillon::http1 {

/// What the client wants to hear before it sends the body (RFC 9110 §10.1.1).
/// Unknown may be answered 417.
enum class Expectation : std::uint8_t { None, Continue, Unknown };

Expectation expectation_of(const Fields& fields, Framing framing);

/// Only RequestParser makes one, so that every instance obeys RFC 9112.
/// Lifetime: views die with the object; they survive no move.
class RequestHead {
 public:
  RequestHead() = default;

  Bytes method() const { return view(method_); }  // case-sensitive, any token
  Bytes target() const { return view(target_); }  // as sent
  TargetForm form() const { return form_; }
  /// Still percent-encoded; decode_path() decodes it. `/` where an absolute form has none, `*`
  /// for the asterisk form, empty for the authority form.
  Bytes path() const;
  /// Without the `?`, still encoded; QueryParameters::parse() decodes it.
  Bytes query() const { return view(query_); }
  /// `host[:port]`: from the target where it has one (RFC 9112 §3.2.2), else from Host.
  /// Empty only for an HTTP/1.0 request without Host.
  Bytes authority() const { return view(authority_); }
  Version version() const { return version_; }
  const Fields& fields() const { return fields_; }
  Framing framing() const { return framing_; }

  /// Whether the client wants the connection to persist (RFC 9112 §9.3).
  bool keep_alive() const;
  /// None for HTTP/1.0, and `100-continue` is None where no body follows.
  Expectation expectation() const;
  /// Whether the client asks to switch to `protocol`, e.g. "websocket" (RFC 9110 §7.8).
  bool upgrades_to(Bytes protocol) const;

 private:
  friend class RequestHeadReader;

  struct Span {
    std::uint32_t begin = 0;
    std::uint32_t length = 0;
  };
  /// `part` is a view of the head's own text, or null.
  Span span(Bytes part) const {
    if (part.data() == nullptr) return {};
    return {static_cast<std::uint32_t>(part.data() - fields_.text_.data()),
            static_cast<std::uint32_t>(part.size())};
  }
  Bytes view(Span place) const { return Bytes(fields_.text_).substr(place.begin, place.length); }

  Fields fields_;
  Framing framing_;
  Span method_;
  Span target_;
  Span authority_;
  Span path_;
  Span query_;
  TargetForm form_ = TargetForm::Origin;
  Version version_ = Version::Http11;
};

}  // namespace carillon::http1
