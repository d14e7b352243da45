// What one request of a client may hold. How large it may be is the transport's to say.
#pragma once

#include <cstddef>
#include <cstdint>

#include "protocol/json/limits.hpp"

namespace carillon::native {

struct Limits {
  json::Limits json;
  /// Publications or commands in one HTTP body.
  std::size_t batch_items = 1000;
  /// Publications in one answer, and how many of them where the client does not say.
  std::uint32_t page = 1000;
  std::uint32_t default_page = 100;
};

/// An `id` is echoed, so it is kept while the command runs.
constexpr std::size_t kMaxIdBytes = 128;
constexpr std::size_t kMaxKeyBytes = 256;     // `key` and `dedupe` each
constexpr std::size_t kMaxTokenBytes = 8192;  // `token` and `session` each; as in a header line
constexpr std::size_t kMaxClientIdBytes = 64;
constexpr std::size_t kMaxMethodBytes = 128;

}  // namespace carillon::native
