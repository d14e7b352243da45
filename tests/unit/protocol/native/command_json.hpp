// Commands and problem codes as the vectors write them down.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>

#include "protocol/native/command.hpp"
#include "protocol/native/problem_code.hpp"

namespace carillon::native {

inline std::string to_hex(Bytes octets) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char octet : octets) {
    text.push_back(kDigits[static_cast<unsigned char>(octet) >> 4]);
    text.push_back(kDigits[octet & 15]);
  }
  return text;
}

inline void put(nlohmann::json& json, const char* key, const std::optional<std::string>& value) {
  if (value) json[key] = *value;
}
inline void put(nlohmann::json& json, const char* key, const std::optional<Position>& value) {
  if (value) json[key] = to_text(*value);
}
inline void put(nlohmann::json& json, const Data& data) {
  const bool is_binary = data.kind() == DataKind::Binary;
  json["kind"] = is_binary ? "binary" : "json";
  json["data"] = is_binary ? to_hex(data.view()) : std::string(data.view());
}

struct CommandToJson {
  nlohmann::json operator()(const Connect& connect) const {
    nlohmann::json json{{"type", "connect"}};
    put(json, "token", connect.token);
    put(json, "session", connect.session);
    return json;
  }
  nlohmann::json operator()(const Subscribe& subscribe) const {
    nlohmann::json json{
        {"type", "subscribe"}, {"channel", subscribe.channel}, {"echo", subscribe.echo}};
    put(json, "after", subscribe.after);
    if (subscribe.history) json["history"] = *subscribe.history;
    return json;
  }
  nlohmann::json operator()(const Unsubscribe& unsubscribe) const {
    return {{"type", "unsubscribe"}, {"channel", unsubscribe.channel}};
  }
  nlohmann::json operator()(const Publish& publish) const {
    nlohmann::json json{{"type", "message"}};
    put(json, "channel", publish.channel);
    put(json, publish.data);
    put(json, "key", publish.key);
    put(json, "dedupe", publish.dedupe);
    return json;
  }
  nlohmann::json operator()(const Ephemeral& ephemeral) const {
    nlohmann::json json{{"type", "ephemeral"}};
    put(json, "channel", ephemeral.channel);
    put(json, ephemeral.data);
    return json;
  }
  nlohmann::json operator()(const Signal& signal) const {
    nlohmann::json json{{"type", "signal"}, {"to", signal.to}};
    put(json, signal.data);
    return json;
  }
  nlohmann::json operator()(const History& history) const {
    nlohmann::json json{
        {"type", "history"}, {"channel", history.channel}, {"limit", history.limit}};
    put(json, "after", history.after);
    put(json, "before", history.before);
    if (history.since) json["since"] = to_text(*history.since);
    return json;
  }
  nlohmann::json operator()(const Presence& presence) const {
    nlohmann::json json{
        {"type", "presence"}, {"channel", presence.channel}, {"limit", presence.limit}};
    put(json, "after", presence.after);
    if (presence.data) put(json, *presence.data);
    return json;
  }
  nlohmann::json operator()(const Rpc& rpc) const {
    nlohmann::json json{{"type", "rpc"}, {"method", rpc.method}};
    if (rpc.data) put(json, *rpc.data);
    return json;
  }
  nlohmann::json operator()(const Ping&) const { return {{"type", "ping"}}; }
};

inline ProblemCode code_of(const std::string& text) {
  for (const ProblemInfo& info : problem_table()) {
    if (info.text == text) return info.code;
  }
  throw std::invalid_argument("no code " + text);
}

}  // namespace carillon::native
