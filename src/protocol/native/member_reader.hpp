// One command's members, read with a type and bounds; what does not fit is told by name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "core/position.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "protocol/json/object.hpp"
#include "protocol/native/data.hpp"

namespace carillon::native {

/// What is wrong, in words for the developer at the other end.
using Fault = std::string;

/// Optional members count as absent when they are null.
/// Lifetime: borrows the object and its text.
class MemberReader {
 public:
  explicit MemberReader(const json::Object& object) : object_(object) {}

  bool has(Bytes name) const { return present(name) != nullptr; }
  /// Raw JSON, empty if absent.
  Result<std::string, Fault> id() const;
  Result<std::string, Fault> type() const;
  /// 1 to `most` octets.
  Result<std::string, Fault> text(Bytes name, std::size_t most) const;
  Result<std::optional<std::string>, Fault> optional_text(Bytes name, std::size_t most) const;
  Result<std::string, Fault> channel() const;
  Result<std::optional<std::string>, Fault> optional_channel() const;
  Result<std::optional<std::uint32_t>, Fault> optional_count(Bytes name, std::uint32_t least,
                                                             std::uint32_t most) const;
  Result<bool, Fault> boolean(Bytes name, bool otherwise) const;
  Result<std::optional<Position>, Fault> optional_position(Bytes name) const;
  Result<std::optional<Timestamp>, Fault> optional_timestamp(Bytes name) const;
  Result<Data, Fault> data() const;
  Result<std::optional<Data>, Fault> optional_data() const;
  /// `data`, or in its absence an object of the members that mean nothing to a publish.
  Result<Data, Fault> data_or_other_members() const;

 private:
  const json::Value* present(Bytes name) const;
  Result<Data, Fault> read_data(const json::Value& value) const;

  const json::Object& object_;
};

}  // namespace carillon::native
