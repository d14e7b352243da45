// Who may do something in the channels of a namespace, where the config says so.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "access/action.hpp"
#include "core/bytes.hpp"
#include "core/hash.hpp"

namespace carillon::access {

enum class Audience : std::uint8_t {
  Default,        // Anyone where `[access] anonymous` lists the action, else Token
  Anyone,         // clients without a token, too
  Authenticated,  // who has a token that names a user
  Token,          // whose token grants it
  Server,         // API keys alone
};

/// One namespace's, by channel action.
class Audiences {
 public:
  Audience of(Action action) const { return by_action_[static_cast<std::size_t>(action)]; }
  void set(Action action, Audience audience) {
    by_action_[static_cast<std::size_t>(action)] = audience;
  }

 private:
  std::array<Audience, kChannelActionCount> by_action_{};
};

/// By the name of the namespace. Those that are not here are Default.
using AudienceTable = std::unordered_map<std::string, Audiences, StringHash, std::equal_to<>>;

}  // namespace carillon::access
