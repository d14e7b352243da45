// The keys of `[access] token_keys`, read from their file.
#pragma once

#include <memory>
#include <string>

#include "access/key_ring.hpp"
#include "access/token.hpp"
#include "core/result.hpp"
#include "server/config.hpp"

namespace carillon::server {

/// Adds the keys of the JWK Set in that file; an empty path adds none.
/// Errors: a sentence with the path.
Result<void, std::string> add_token_keys(access::KeyRing& keys, const std::string& path);

/// Null: no tokens are served. Where the file cannot be read any more, tokens signed with its keys
/// are refused, and the log says why.
std::shared_ptr<const access::TokenRules> token_rules(const TokenConfig& config);

}  // namespace carillon::server
