// Any text as a schema: it is refused with a line of its own, or serves.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/check.hpp"
#include "protocol/json/validator.hpp"
#include "protocol/json_schema/schema.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace carillon;
  const Bytes text(reinterpret_cast<const char*>(data), size);
  const auto schema = json_schema::Schema::compile(text);
  if (!schema) {
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    CARILLON_CHECK(schema.error().line >= 1 && schema.error().line <= lines);
    CARILLON_CHECK(!schema.error().message.empty());
    return 0;
  }
  CARILLON_CHECK(json::validate(text).has_value());
  // What it looks like itself is as good data as any.
  const auto first = schema->check(text);
  const auto second = schema->check(text);
  CARILLON_CHECK(first.has_value() == second.has_value());
  return 0;
}
