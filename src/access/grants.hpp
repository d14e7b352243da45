// What a token lets its holder do, channel by channel.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "access/action.hpp"
#include "core/bytes.hpp"

namespace carillon::access {

/// Patterns of one token.
inline constexpr std::size_t kMostGrants = 1000;

class Grants {
 public:
  /// `pattern`: a channel's name, or the beginning of names and `*`; `*` alone is for all.
  /// False, and nothing added, for a `*` elsewhere, an empty one, and over kMostGrants.
  [[nodiscard]] bool add(Bytes pattern, ActionSet actions);
  bool allow(Action action, Bytes channel) const;
  /// Whether a pattern is for that channel, whatever it allows there.
  bool cover(Bytes channel) const;

 private:
  struct Grant {
    std::string text;  // without the star
    ActionSet actions;
    bool is_prefix = false;

    bool covers(Bytes channel) const {
      return is_prefix ? channel.starts_with(text) : channel == text;
    }
  };
  std::vector<Grant> grants_;
};

}  // namespace carillon::access
