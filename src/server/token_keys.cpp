#include "server/token_keys.hpp"

#include <utility>

#include "access/decision.hpp"
#include "core/check.hpp"
#include "core/log.hpp"
#include "server/text_file.hpp"

namespace carillon::server {

bool is_key_url(const std::string& text) {
  return text.starts_with("http://") || text.starts_with("https://") || text.starts_with("unix:");
}

Result<void, std::string> add_token_keys(access::KeyRing& keys, const std::string& path) {
  if (path.empty()) return {};
  const auto text = read_text_file(path);
  if (!text) return std::unexpected(access::in_quotes(path) + " " + text.error());
  if (auto added = keys.add_jwks(*text); !added) {
    return std::unexpected(access::in_quotes(path) + ": " + added.error());
  }
  return {};
}

std::shared_ptr<const access::TokenRules> token_rules(const TokenConfig& config,
                                                      const access::KeyRing& fetched) {
  if (config.secret.empty() && config.keys.empty()) return nullptr;
  auto rules = std::make_shared<access::TokenRules>();
  rules->keys = fetched;
  rules->issuer = config.issuer;
  rules->audience = config.audience;
  rules->leeway = config.leeway;
  if (!config.secret.empty()) {
    auto key = access::VerificationKey::of_secret(config.secret);
    CARILLON_CHECK(key.has_value());
    rules->keys.add({}, *std::move(key));
  }
  if (is_key_url(config.keys)) return rules;
  if (const auto added = add_token_keys(rules->keys, config.keys); !added) {
    log::error("[access] token_keys: {}; tokens signed with them are refused", added.error());
  }
  return rules;
}

}  // namespace carillon::server
