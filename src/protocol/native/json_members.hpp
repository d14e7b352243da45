// The members of a command in JSON.
#pragma once

#include "protocol/json/object.hpp"
#include "protocol/native/members.hpp"

namespace carillon::native {

/// Binary data is base64, as `encoding` says.
/// Lifetime: borrows the object and its text.
class JsonMembers final : public Members {
 public:
  explicit JsonMembers(const json::Object& object) : object_(object) {}

  bool has(Bytes name) const override { return present(name) != nullptr; }
  std::optional<std::string> text(Bytes name) const override;
  std::optional<std::int64_t> integer(Bytes name, std::int64_t least,
                                      std::int64_t most) const override;
  std::optional<bool> boolean(Bytes name) const override;
  std::optional<Timestamp> timestamp(Bytes name) const override;
  std::optional<std::string> id() const override;
  Result<std::optional<Data>, Fault> data() const override;
  Result<Data, Fault> others() const override;

 private:
  const json::Value* present(Bytes name) const;

  const json::Object& object_;
};

}  // namespace carillon::native
