// A response as handlers give it; how its body is framed is the connection's affair.
#pragma once

#include <string>
#include <utility>

#include "core/shared_bytes.hpp"
#include "protocol/http1/response.hpp"

namespace carillon::transport {

using ResponseHead = http1::ResponseHead;

/// A whole response.
struct Response {
  ResponseHead head;
  SharedBytes body;
  bool is_last = false;  // the connection is closed after it

  Response& add(Bytes name, Bytes value) {
    head.fields.add(name, value);
    return *this;
  }
};

/// Whether an answer of that status has a body at all (RFC 9110 §6.4.1).
inline bool status_has_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

inline Response make_response(int status, Bytes media_type, Bytes body) {
  Response response{.head = {.status = status, .fields = {}}, .body = SharedBytes(body)};
  response.add("Content-Type", media_type);
  return response;
}

inline Response json_response(int status, Bytes json) {
  return make_response(status, "application/json", json);
}

}  // namespace carillon::transport
