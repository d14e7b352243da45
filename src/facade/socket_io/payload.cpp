#include "facade/socket_io/payload.hpp"

#include <utility>

#include "core/check.hpp"
#include "protocol/socketio/placeholder.hpp"

namespace carillon::facade {
namespace {

bool has_attachments(const socket_io::Arguments& arguments) {
  for (const socket_io::Value& each : arguments) {
    if (!each.attachments().empty()) return true;
  }
  return false;
}

/// One element with attachments of its own, numbered from 0.
socket_io::Value value_of(Bytes json, const std::vector<std::string>& attachments) {
  std::vector<std::string> own;
  std::string text;
  std::size_t done = 0;
  for (const socketio::Placeholder& each : socketio::find_placeholders(json)) {
    CARILLON_CHECK(each.number && *each.number < attachments.size());
    text.append(json.substr(done, each.offset - done));
    socketio::append_placeholder(text, own.size());
    own.push_back(attachments[*each.number]);
    done = each.offset + each.length;
  }
  text.append(json.substr(done));
  return socket_io::Value::json(text, std::move(own));
}

}  // namespace

std::size_t SocketIoPayload::bytes() const {
  std::size_t sum = arguments.size();
  for (const SharedBytes& each : attachments) sum += each.size();
  return sum;
}

SocketIoPayload payload_of(const socket_io::Arguments& arguments) {
  SocketIoPayload payload;
  const bool is_binary = has_attachments(arguments);
  for (const socket_io::Value& each : arguments) {
    if (&each != &arguments.front()) payload.arguments.push_back(',');
    if (!is_binary) {
      payload.arguments.append(each.to_json());
      continue;
    }
    socketio::append_renumbered(payload.arguments, each.to_json(), each.attachments().size(),
                                payload.attachments.size());
    for (const std::string& octets : each.attachments()) payload.attachments.emplace_back(octets);
  }
  return payload;
}

socket_io::Arguments arguments_of(const socketio::Packet& packet, std::size_t first) {
  socket_io::Arguments arguments;
  for (std::size_t i = first; i < packet.elements.size(); ++i) {
    const json::Value element = packet.element(i);
    arguments.push_back(packet.attachments.empty() ? socket_io::Value::json(element.raw)
                                                   : value_of(element.raw, packet.attachments));
  }
  return arguments;
}

}  // namespace carillon::facade
