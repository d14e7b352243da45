// One command's members in either encoding, as `member_reader.hpp` asks for them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "protocol/native/data.hpp"

namespace carillon::native {

/// What is wrong, in words for the developer at the other end.
using Fault = std::string;

/// Each getter is empty when the member is not there or not of that type.
/// Lifetime: implementations borrow the octets of the command; so may `Data`.
class Members {
 public:
  /// Whether the member is there and not null.
  virtual bool has(Bytes name) const = 0;
  virtual std::optional<std::string> text(Bytes name) const = 0;
  virtual std::optional<std::int64_t> integer(Bytes name, std::int64_t least,
                                              std::int64_t most) const = 0;
  virtual std::optional<bool> boolean(Bytes name) const = 0;
  virtual std::optional<Timestamp> timestamp(Bytes name) const = 0;
  /// The member `id` as it is written, if it is a text or a number.
  virtual std::optional<std::string> id() const = 0;
  /// The member `data`, where null is data; an empty optional when it is not there.
  virtual Result<std::optional<Data>, Fault> data() const = 0;
  /// A JSON object of the members that mean nothing to a publish.
  virtual Result<Data, Fault> others() const = 0;

 protected:
  ~Members() = default;
};

/// Whether a publish gives that member a meaning.
bool means_something_to_publish(Bytes name);

/// JSON as an application gave it, but on one line.
Data json_data(Bytes raw);

}  // namespace carillon::native
