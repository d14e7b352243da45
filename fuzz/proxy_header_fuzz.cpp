// links: carillon_protocol_proxy
// PROXY headers: what is read does not depend on how it was cut, and lies within the input.
#include <cstddef>
#include <cstdint>

#include "core/check.hpp"
#include "protocol/proxy/header.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace carillon;
  using namespace carillon::proxy;

  const Bytes input(reinterpret_cast<const char*>(data), size);
  const auto whole = parse_header(input);
  const std::size_t needed = whole && *whole ? (*whole)->header_bytes : size;
  CARILLON_CHECK(needed <= size);
  CARILLON_CHECK(!(whole && *whole) || needed <= kMaxHeaderBytes);
  for (std::size_t part = 0; part < needed; ++part) {
    const auto cut = parse_header(input.substr(0, part));
    if (!cut) {
      CARILLON_CHECK(!whole && cut.error() == whole.error());
      break;
    }
    CARILLON_CHECK(!cut->has_value());
  }
  if (!whole) CARILLON_CHECK(!describe(whole.error()).empty());
  return 0;
}
