// A server's address is refused, or reads back as the same.
#include <cstddef>
#include <cstdint>

#include "client/server_url.hpp"
#include "core/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace carillon;
  const Bytes text(reinterpret_cast<const char*>(data), size);
  const auto url = client::ServerUrl::parse(text);
  if (!url) {
    CARILLON_CHECK(!url.error().empty());
    return 0;
  }
  const auto again = client::ServerUrl::parse(url->to_text());
  CARILLON_CHECK(again && *again == *url);
  CARILLON_CHECK(url->target("/ws").starts_with('/'));
  CARILLON_CHECK(!url->authority().empty());
  return 0;
}
