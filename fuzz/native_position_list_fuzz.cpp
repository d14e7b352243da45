// Position lists come back in headers, queries and cookies: each has one spelling only.
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/check.hpp"
#include "protocol/native/position_list.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace carillon;
  const Bytes text(reinterpret_cast<const char*>(data), size);
  for (const auto form : {native::PositionListForm::Text, native::PositionListForm::Cookie}) {
    const auto positions = native::parse_position_list(text, form);
    if (!positions) continue;
    CARILLON_CHECK(!positions->empty() && positions->size() <= native::kMaxChannelsPerRequest);
    std::string written;
    native::append_position_list(written, *positions, form);
    CARILLON_CHECK(written == text);
  }
  return 0;
}
