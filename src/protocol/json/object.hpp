// The members of an object, or the elements of an array, as pieces of its text: commands are
// read from these, and what belongs to the application is passed on without being understood.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/json/error.hpp"
#include "protocol/json/limits.hpp"

namespace carillon::json {

enum class Kind : std::uint8_t { Null, Boolean, Number, String, Array, Object };

/// One valid value, without the white space around it.
/// Lifetime: a view into the text that it was parsed from.
struct Value {
  Bytes raw;
  Kind kind = Kind::Null;
};

/// `key` as written, with its quotes and escapes.
struct Member {
  Bytes key;
  Value value;
};

/// The members of one object, in the order of the text; keys are unique.
/// Lifetime: views into the text that it was parsed from.
class Object {
 public:
  explicit Object(std::vector<Member> members) : members_(std::move(members)) {}

  /// The value of the member whose key decodes to `name`, or null.
  const Value* find(Bytes name) const;
  std::span<const Member> members() const { return members_; }

 private:
  std::vector<Member> members_;
};

/// Validates the whole text in one pass, and lists its outermost container.
/// Errors: those of `validate`; TooMany beyond `limits.items`; NotAnObject for valid JSON of
///         another kind.
Result<Object, Error> parse_object(Bytes text, const Limits& limits = {});

/// Like `parse_object`, for arrays: NotAnArray.
Result<std::vector<Value>, Error> parse_array(Bytes text, const Limits& limits = {});

}  // namespace carillon::json
