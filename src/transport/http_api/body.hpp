// The body of a call that back ends make: one JSON object, of which every member must be known and
// right, since a mistake that is passed over would do something else than was meant.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/json/object.hpp"
#include "protocol/native/json_members.hpp"
#include "protocol/native/member_reader.hpp"
#include "transport/common/problem.hpp"

namespace carillon::transport {

/// Errors:   BadRequest, naming the member. One that is null counts as absent.
/// Lifetime: borrows the text.
class Body {
 public:
  /// Errors: also for members other than `known`.
  static Result<Body, Problem> parse(Bytes text, std::initializer_list<Bytes> known);

  bool has(Bytes name) const { return native::JsonMembers(object_).has(name); }
  Result<std::optional<std::string>, Problem> text(Bytes name, std::size_t most) const;
  Result<std::optional<std::int64_t>, Problem> integer(Bytes name, std::int64_t least,
                                                       std::int64_t most) const;
  Result<bool, Problem> boolean(Bytes name, bool otherwise) const;
  Result<native::Data, Problem> data() const;
  /// Of `channels`, or of `channel` where that is known: 1 to 100 names, none twice.
  Result<std::vector<std::string>, Problem> channels() const;

 private:
  explicit Body(json::Object object) : object_(std::move(object)) {}

  json::Object object_;
};

/// BadRequest with those words.
Problem bad_request(std::string detail);

}  // namespace carillon::transport
