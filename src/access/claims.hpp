// What a token says once it has been found good.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/grants.hpp"
#include "core/time.hpp"

namespace carillon::access {

struct Claims {
  std::string user = {};                  // `sub`; empty: nobody is named
  Grants grants = {};                     // `channels`
  std::optional<Timestamp> expires = {};  // `exp` and the leeway; empty: never
  std::string id = {};                    // `jti`; empty: it has none
  std::optional<Timestamp> issued = {};   // `iat`
  std::string info = {};                  // JSON that others see with the user; empty: nothing
  std::vector<std::string> join = {};     // channels of its sessions from the start
};

}  // namespace carillon::access
