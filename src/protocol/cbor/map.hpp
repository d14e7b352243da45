// The members of a map as pieces of its octets: commands are read from these.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/cbor/error.hpp"
#include "protocol/cbor/item.hpp"
#include "protocol/cbor/limits.hpp"

namespace carillon::cbor {

/// `key` is the text within the key's string.
struct Member {
  Bytes key;
  Item value;
};

/// The members of one map, in the order of the octets; keys are unique.
/// Lifetime: views into the octets that it was parsed from.
class Map {
 public:
  explicit Map(std::vector<Member> members) : members_(std::move(members)) {}

  /// The value of the member of that name, or null.
  const Item* find(Bytes name) const;
  std::span<const Member> members() const { return members_; }

 private:
  std::vector<Member> members_;
};

/// Checks that `octets` are one CBOR item.
/// Shape:  one pass without recursion. Definite and indefinite lengths, any form of a number, any
///         tag; keys of maps are text, compared in every map.
/// Errors: all but TooMany and NotAMap.
/// Source: RFC 8949 §3 (well-formed), §5.3 (valid).
Result<void, Error> validate(Bytes octets, const Limits& limits = {});

/// Validates all octets in one pass, and lists the outermost map.
/// Errors: those of `validate`; TooMany beyond `limits.items`; NotAMap for another valid item.
Result<Map, Error> parse_map(Bytes octets, const Limits& limits = {});

}  // namespace carillon::cbor
