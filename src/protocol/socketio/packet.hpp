// One Socket.IO packet, complete with its attachments.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"
#include "protocol/json/object.hpp"

namespace carillon::socketio {

/// The first octet of a packet. Source: Socket.IO protocol v5, "Packet types".
enum class PacketType : std::uint8_t {
  Connect = 0,
  Disconnect = 1,
  Event = 2,
  Ack = 3,
  ConnectError = 4,
  BinaryEvent = 5,
  BinaryAck = 6,
};

/// The Socket.IO namespace that a packet without one belongs to.
constexpr std::string_view kMainNamespace = "/";

/// Ids are numbers in JavaScript, and echoed (ECMA-262 §21.1.2.6).
constexpr std::uint64_t kMaxId = (std::uint64_t{1} << 53) - 1;

/// Where an element of an array stands in its text; survives that the text is moved.
struct Element {
  std::size_t offset = 0;
  std::size_t length = 0;
  json::Kind kind = json::Kind::Null;
};

struct Packet {
  /// BinaryEvent and BinaryAck become Event and Ack once their attachments are there.
  PacketType type = PacketType::Event;
  std::string name_space = std::string(kMainNamespace);
  std::optional<std::uint64_t> id;
  /// The payload, valid JSON as it was sent; empty: none. Each object in it like
  /// `{"_placeholder":true,"num":0}` stands for an attachment that is there, if there are any.
  std::string data;
  /// The elements of an Event (its name first) and an Ack.
  std::vector<Element> elements;
  std::vector<std::string> attachments;

  /// Lifetime: a view of `data`.
  json::Value element(std::size_t index) const {
    const Element& at = elements[index];
    return {Bytes(data).substr(at.offset, at.length), at.kind};
  }
  /// The name of an Event: its first element, decoded. A number is its own name.
  std::string event() const;
};

/// A name with what clients of version 2 of the library say behind it in a CONNECT: `/chat?a=b`.
struct QueriedNamespace {
  Bytes name;
  Bytes query;  // encoded, without the `?`
};
QueriedNamespace split_query(Bytes name_space);

/// Names that Socket.IO's own events have: no client may send them, and no server emit them.
bool is_reserved_event(std::string_view name);

}  // namespace carillon::socketio
