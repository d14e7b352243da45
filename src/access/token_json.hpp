// JSON as tokens and keys have it: read into a tree, strictly.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "core/bytes.hpp"

namespace carillon::access {

/// An object of UTF-8 without duplicate names at any depth, of at most 16 levels: what two readers
/// could take for different things is refused (RFC 8725 §2.4 and RFC 7515 §4 leave it open).
/// Empty for anything else.
std::optional<nlohmann::json> parse_token_json(Bytes text);

}  // namespace carillon::access
