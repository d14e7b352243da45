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
#include "protocol/native/data.hpp"
#include "protocol/native/members.hpp"

namespace carillon::native {

/// Optional members count as absent when they are null.
/// Lifetime: borrows the members.
class MemberReader {
 public:
  explicit MemberReader(const Members& members) : members_(members) {}

  /// As it is written, empty if absent.
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
  Result<std::optional<Data>, Fault> optional_data() const { return members_.data(); }
  /// `data`, or in its absence an object of the members that mean nothing to a publish.
  Result<Data, Fault> data_or_other_members() const;

 private:
  const Members& members_;
};

}  // namespace carillon::native
