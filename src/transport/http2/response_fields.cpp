#include "transport/http2/response_fields.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace carillon::transport {
namespace {

constexpr std::array<Bytes, 6> kOfConnection = {
    "connection",        "keep-alive", "proxy-connection",
    "transfer-encoding", "upgrade",    "content-length"};  // this one is ours to tell

std::string lower_case(Bytes name) {
  std::string lower(name);
  for (char& octet : lower) {
    if (octet >= 'A' && octet <= 'Z') octet = static_cast<char>(octet - 'A' + 'a');
  }
  return lower;
}

}  // namespace

std::vector<http2::Field> response_fields(const ResponseHead& head,
                                          std::span<const access::ResponseField> extra, Bytes date,
                                          std::optional<std::size_t> content_length) {
  std::vector<http2::Field> fields;
  fields.reserve(head.fields.size() + extra.size() + 3);
  const auto add = [&fields](Bytes name, Bytes value) {
    std::string lower = lower_case(name);
    if (std::ranges::find(kOfConnection, lower) != kOfConnection.end()) return;
    fields.push_back({.name = std::move(lower), .value = std::string(value)});
  };
  add("date", date);
  for (std::size_t i = 0; i < head.fields.size(); ++i) {
    add(head.fields.at(i).name, head.fields.at(i).value);
  }
  for (const auto& field : extra) add(field.name, field.value);
  add("x-content-type-options", "nosniff");
  if (content_length) {
    fields.push_back({.name = "content-length", .value = std::to_string(*content_length)});
  }
  return fields;
}

}  // namespace carillon::transport
