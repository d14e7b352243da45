// The id of a socket: in place, since each socket has it in several tables.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string_view>

#include "core/base64.hpp"
#include "core/random.hpp"

namespace carillon::facade {

class SocketIoId {
 public:
  static constexpr std::size_t kLength = 20;

  /// A fresh one, which nobody can guess.
  static SocketIoId make() { return *parse(base64url_encode(random_octets(kLength / 4 * 3))); }
  /// The id that a room is named as; empty for a name of another length.
  static std::optional<SocketIoId> parse(std::string_view text) {
    if (text.size() != kLength) return std::nullopt;
    SocketIoId id;
    std::ranges::copy(text, id.text_.begin());
    return id;
  }

  std::string_view text() const { return {text_.data(), text_.size()}; }
  bool operator==(const SocketIoId&) const = default;

 private:
  SocketIoId() = default;

  std::array<char, kLength> text_;
};

/// Ids are random: their first octets are as good as any.
struct SocketIoIdHash {
  std::size_t operator()(const SocketIoId& id) const noexcept {
    std::size_t hash = 0;
    std::memcpy(&hash, id.text().data(), sizeof hash);
    return hash;
  }
};

}  // namespace carillon::facade
