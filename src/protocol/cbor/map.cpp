#include "protocol/cbor/map.hpp"

#include <algorithm>

#include "protocol/cbor/head.hpp"
#include "protocol/cbor/scanner.hpp"

namespace carillon::cbor {
namespace {

/// Where a command rarely has more members than this, one allocation holds them.
constexpr std::size_t kUsualItems = 12;

}  // namespace

const Item* Map::find(Bytes name) const {
  const auto found = std::ranges::find(members_, name, &Member::key);
  return found == members_.end() ? nullptr : &found->value;
}

Result<void, Error> validate(Bytes octets, const Limits& limits) {
  return Scanner(octets, limits).run(nullptr);
}

Result<Map, Error> parse_map(Bytes octets, const Limits& limits) {
  const bool is_map = !octets.empty() && static_cast<unsigned char>(octets.front()) >> 5 ==
                                             static_cast<unsigned>(Major::Map);
  std::vector<Member> members;
  if (is_map) members.reserve(kUsualItems);
  // Whether it is a map is told last: what is no CBOR at all is told as that.
  TRY(Scanner(octets, limits).run(is_map ? &members : nullptr));
  if (!is_map) return std::unexpected(Error{ErrorKind::NotAMap, 0});
  return Map(std::move(members));
}

}  // namespace carillon::cbor
