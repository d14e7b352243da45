// The keys of sections with names of their own: `[namespace.NAME]`, `[api_key.NAME]`.
#include <utility>

#include "server/config_keys.hpp"
#include "server/config_rules.hpp"

namespace carillon::server {
namespace {

constexpr std::int64_t kDay = 24 * 60 * 60;  // seconds
constexpr std::int64_t kMiB = 1024 * 1024;

template <class Target, class Field>
ConfigKey<Target> named_key(std::string_view section, std::string_view name, Field Target::* field,
                            ValueRule rule, std::string_view doc) {
  const auto accessor = [field](auto& settings) -> auto& { return settings.*field; };
  return make_key<Target>(section, name, accessor, std::move(rule), doc);
}

template <class Field>
ConfigKey<NamespaceConfig> namespace_key(std::string_view name, Field NamespaceConfig::* field,
                                         ValueRule rule, std::string_view doc) {
  return named_key("namespace", name, field, std::move(rule), doc);
}

ConfigKey<NamespaceConfig> audience_key(std::string_view name,
                                        access::Audience NamespaceConfig::* field,
                                        std::string_view doc) {
  return namespace_key(name, field, one_of(texts_of<access::Audience>()), doc);
}

}  // namespace

template <>
std::vector<std::string> texts_of<access::Audience>() {
  return {"default", "anyone", "authenticated", "token", "server"};
}

template <>
std::vector<std::string> texts_of<Presence>() {
  return {"off", "on"};
}

const std::vector<ConfigKey<NamespaceConfig>>& namespace_keys() {
  static const std::vector<ConfigKey<NamespaceConfig>> keys = {
      audience_key("allow_subscribe", &NamespaceConfig::allow_subscribe,
                   "Who may listen. \"default\": everybody where [access] anonymous has the word, "
                   "else\nas \"token\"; \"anyone\"; \"authenticated\": who has a token that names "
                   "a user;\n\"token\": whose token grants it; \"server\": API keys alone."),
      audience_key("allow_publish", &NamespaceConfig::allow_publish, "The same, for publishing."),
      audience_key("allow_history", &NamespaceConfig::allow_history,
                   "The same, for reading what was published before."),
      audience_key("allow_ephemeral", &NamespaceConfig::allow_ephemeral,
                   "The same, for messages that are not kept."),
      audience_key("allow_presence", &NamespaceConfig::allow_presence,
                   "The same, for seeing who is there."),
      namespace_key("presence", &NamespaceConfig::presence, one_of(texts_of<Presence>()),
                    "Whether it is known, and told, who is in each channel (true is \"on\"). It is "
                    "in the\nnamespace `call`, unless it says otherwise."),
      namespace_key("presence_members", &NamespaceConfig::presence_members, between(0, 10'000'000),
                    "Clients of one channel that are known to be there; the ones beyond hear it "
                    "all the same."),
      namespace_key("history_count", &NamespaceConfig::history_count, between(0, 10'000'000),
                    "As `count`, `age_s` and `bytes` of [history]."),
      namespace_key("history_age_s", &NamespaceConfig::history_age, between(1, 3650 * kDay), ""),
      namespace_key("history_bytes", &NamespaceConfig::history_bytes,
                    between(0, 1024 * 1024 * kMiB), ""),
      namespace_key("publication_bytes", &NamespaceConfig::publication_bytes,
                    between(128, 256 * kMiB), "As in [limits]."),
      namespace_key("channel_messages_per_s", &NamespaceConfig::channel_messages_per_s,
                    between(0, 1'000'000'000),
                    "What may be published in one channel in a second, by all clients together. "
                    "0: any\nnumber."),
      namespace_key("channel_bytes_per_s", &NamespaceConfig::channel_bytes_per_s,
                    between(0, 1'000'000'000), "The same in octets."),
      namespace_key("outbox", &NamespaceConfig::outbox, one_of(texts_of<OutboxPolicy>()),
                    "What happens when a client reads more slowly than its channels speak:\n"
                    "\"disconnect\": it is sent away and resumes where it stood;\n"
                    "\"drop_oldest\": what waits longest is dropped, and a gap is told;\n"
                    "\"conflate\": of each `key` only the latest publication is kept waiting."),
      namespace_key("websocket_compression", &NamespaceConfig::websocket_compression,
                    one_of(texts_of<Compression>()),
                    "Whether its messages may be compressed, where [websocket] compression is on."),
      namespace_key("flush_interval_ms", &NamespaceConfig::flush_interval, between(0, 10),
                    "As in [channels]."),
      namespace_key("schema", &NamespaceConfig::schema, checked(check_schema),
                    "A file with a JSON Schema (draft 7) that whatever is published must fit; what "
                    "does not is\nrefused with the place that is wrong. Without `pattern` and "
                    "other regular expressions;\nsee docs/validation.md. SIGHUP reads it again."),
  };
  return keys;
}

const std::vector<ConfigKey<ApiKeyConfig>>& api_key_keys() {
  static const std::vector<ConfigKey<ApiKeyConfig>> keys = {
      named_key("api_key", "secret", &ApiKeyConfig::secret, secret(checked(check_secret)),
                "At least 32 random characters, e.g. from `openssl rand -hex 32`."),
      named_key("api_key", "scopes", &ApiKeyConfig::scopes, checked(check_scopes),
                "What it may do: any of \"subscribe\", \"publish\" (ephemeral messages too),\n"
                "\"history\", \"ephemeral\", \"presence\", \"channels\" (list them), \"observe\"\n"
                "(metrics), \"clients\" (list, subscribe, unsubscribe, disconnect), \"revoke\",\n"
                "\"delete\" (histories), or \"*\" for all."),
      named_key("api_key", "channels", &ApiKeyConfig::channels, checked(check_patterns),
                "In which channels: names, or beginnings of names with a \"*\" behind."),
  };
  return keys;
}

}  // namespace carillon::server
