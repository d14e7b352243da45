// What the server says, read back from its JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "core/bytes.hpp"
#include "core/position.hpp"
#include "protocol/json/object.hpp"

namespace carillon::client {

/// A publication. Lifetime: views into the text that it was read from.
struct Message {
  Bytes json;  // all of it
  Bytes data;  // one JSON value
  Position position;
  bool is_binary = false;  // then `data` is a string of base64
};

/// For who was there. Lifetime: as above.
struct Ephemeral {
  Bytes json;
  Bytes data;
  bool is_binary = false;
};

/// A JSON object with the few members that decide what it is.
/// Lifetime: views into its text, but for `type` and `channel`.
class ServerObject {
 public:
  /// Empty for what is no JSON object, or nests deeper than a server's words can.
  static std::optional<ServerObject> parse(Bytes json);

  Bytes json() const { return json_; }
  /// Empty where there is none.
  const std::string& type() const { return type_; }
  const std::string& channel() const { return channel_; }

  /// Empty where a member is missing or not what docs/protocol.md says it is.
  std::optional<Message> message() const;
  std::optional<Ephemeral> ephemeral() const;
  /// The member `position`.
  std::optional<Position> position() const;
  std::optional<std::uint64_t> integer(Bytes name) const;
  /// `otherwise` where there is no such member.
  bool boolean(Bytes name, bool otherwise) const;
  std::string text(Bytes name) const;

 private:
  ServerObject(Bytes json, json::Object object) : json_(json), object_(std::move(object)) {}
  bool is_binary() const { return text("encoding") == "base64"; }

  Bytes json_;
  json::Object object_;
  std::string type_;
  std::string channel_;
};

}  // namespace carillon::client
