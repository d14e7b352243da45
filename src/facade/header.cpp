#include "facade/header.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "protocol/websocket/field_value.hpp"

namespace carillon::facade {
namespace {

constexpr std::array<Bytes, 10> kOwnFields = {"content-length",
                                              "transfer-encoding",
                                              "connection",
                                              "keep-alive",
                                              "upgrade",
                                              "date",
                                              "trailer",
                                              "sec-websocket-accept",
                                              "sec-websocket-extensions",
                                              "sec-websocket-protocol"};

bool is_own(Bytes name) {
  return std::ranges::any_of(kOwnFields,
                             [&](Bytes own) { return websocket::equals_ignoring_case(name, own); });
}

}  // namespace

void add_header(http1::Fields& fields, Bytes name, Bytes value) {
  if (!websocket::is_token(name)) {
    throw std::invalid_argument("'" + std::string(name) + "' is no name of a header field");
  }
  if (!is_own(name)) fields.add(name, value);
}

}  // namespace carillon::facade
