// The members of a command in CBOR.
#pragma once

#include "protocol/cbor/map.hpp"
#include "protocol/json/limits.hpp"
#include "protocol/native/members.hpp"

namespace carillon::native {

/// Binary data is a byte string; a text string holds JSON.
/// Lifetime: borrows the map and its octets.
class CborMembers final : public Members {
 public:
  CborMembers(const cbor::Map& map, const json::Limits& limits) : map_(map), limits_(limits) {}

  bool has(Bytes name) const override;
  std::optional<std::string> text(Bytes name) const override;
  std::optional<std::int64_t> integer(Bytes name, std::int64_t least,
                                      std::int64_t most) const override;
  std::optional<bool> boolean(Bytes name) const override;
  std::optional<Timestamp> timestamp(Bytes name) const override;
  std::optional<std::string> id() const override;
  Result<std::optional<Data>, Fault> data() const override;
  Result<Data, Fault> others() const override;

 private:
  Result<Data, Fault> json_text(const cbor::Item& item) const;

  const cbor::Map& map_;
  const json::Limits& limits_;
};

}  // namespace carillon::native
