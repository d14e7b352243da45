// Whatever is taken for CBOR can be walked item by item, and written anew it means the same.
#include <cstdint>
#include <string>

#include "core/check.hpp"
#include "core/utf8.hpp"
#include "protocol/cbor/head.hpp"
#include "protocol/cbor/map.hpp"
#include "protocol/cbor/writer.hpp"

namespace {

using namespace carillon;
using namespace carillon::cbor;

void check_scalar(const Item& item) {
  std::string out;
  if (const auto number = read_number(item)) {
    append_float(out, *number);
    const auto again = read_number({.raw = out, .kind = Kind::Float});
    CARILLON_CHECK(again && (*again == *number || (*again != *again && *number != *number)));
  } else if (const auto text = read_string(item)) {
    CARILLON_CHECK(item.kind == Kind::Octets || is_utf8(*text));
    if (item.kind == Kind::Text) append_text(out, *text);
    if (item.kind == Kind::Octets) append_octets(out, *text);
    CARILLON_CHECK(validate(out) && out.size() <= item.raw.size() + 9);
    CARILLON_CHECK(read_whole_string({.raw = out, .kind = item.kind}) == *text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes octets(reinterpret_cast<const char*>(data), size);
  const auto valid = validate(octets);
  const auto map = parse_map(octets);
  if (!valid) {
    CARILLON_CHECK(valid.error().offset <= size && !map);
    CARILLON_CHECK(!describe(valid.error()).empty());
    return 0;
  }
  for (std::size_t cut = 0; cut < std::min<std::size_t>(size, 64); ++cut) {
    CARILLON_CHECK(!validate(octets.substr(0, cut)));
  }
  if (!map) return 0;
  for (const Member& member : map->members()) {
    CARILLON_CHECK(is_utf8(member.key) && map->find(member.key)->raw == member.value.raw);
    CARILLON_CHECK(validate(member.value.raw));
    CARILLON_CHECK(kind_of(member.value.raw) == member.value.kind);
    check_scalar(member.value);
  }
  return 0;
}
