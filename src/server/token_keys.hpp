// The keys of `[access] token_keys`, read from their file.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "access/key_ring.hpp"
#include "access/token.hpp"
#include "core/result.hpp"
#include "server/config.hpp"

namespace carillon::server {

/// Octets of a JWK Set, wherever it is.
inline constexpr std::size_t kMostKeySetBytes = 1024 * 1024;

/// Whether `[access] token_keys` is a URL (see RemoteKeys), not the path of a file.
bool is_key_url(const std::string& text);

/// Adds the keys of the JWK Set in that file; an empty path adds none.
/// Errors: a sentence with the path.
Result<void, std::string> add_token_keys(access::KeyRing& keys, const std::string& path);

/// Null: no tokens are served. Where the file cannot be read any more, tokens signed with its keys
/// are refused, and the log says why. `fetched`: the keys that are from a URL, as far as there are
/// any by now.
std::shared_ptr<const access::TokenRules> token_rules(const TokenConfig& config,
                                                      const access::KeyRing& fetched);

}  // namespace carillon::server
