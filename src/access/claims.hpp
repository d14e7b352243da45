// What a token says once it has been found good.
#pragma once

#include <optional>
#include <string>

#include "access/grants.hpp"
#include "core/time.hpp"

namespace carillon::access {

struct Claims {
  std::string user = {};                  // `sub`; empty: nobody is named
  Grants grants = {};                     // `channels`
  std::optional<Timestamp> expires = {};  // `exp` and the leeway; empty: never
};

}  // namespace carillon::access
