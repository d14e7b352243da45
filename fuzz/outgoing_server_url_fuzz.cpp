// A server's address is refused, or reads back as the same.
#include <cstddef>
#include <cstdint>

#include "core/check.hpp"
#include "outgoing/server_url.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace carillon;
  const Bytes text(reinterpret_cast<const char*>(data), size);
  const auto url = outgoing::ServerUrl::parse(text);
  if (!url) {
    CARILLON_CHECK(!url.error().empty());
    return 0;
  }
  const auto again = outgoing::ServerUrl::parse(url->to_text());
  CARILLON_CHECK(again && *again == *url);
  CARILLON_CHECK(url->target("/ws").starts_with('/'));
  CARILLON_CHECK(!url->authority().empty());
  return 0;
}
