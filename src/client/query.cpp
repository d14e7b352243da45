#include "client/query.hpp"

#include <fmt/format.h>

#include <iterator>

namespace carillon::client {
namespace {

bool stands_for_itself(char octet) {
  return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') ||
         (octet >= '0' && octet <= '9') || Bytes("-._~:,/").find(octet) != Bytes::npos;
}

}  // namespace

void append_parameter(std::string& target, Bytes name, Bytes value) {
  target.push_back(target.find('?') == std::string::npos ? '?' : '&');
  target.append(name).push_back('=');
  for (const char octet : value) {
    if (stands_for_itself(octet)) {
      target.push_back(octet);
    } else {
      fmt::format_to(std::back_inserter(target), "%{:02X}", static_cast<unsigned char>(octet));
    }
  }
}

}  // namespace carillon::client
