#include "protocol/socketio/encode.hpp"

#include "protocol/json/writer.hpp"
#include "protocol/socketio/packet.hpp"

namespace carillon::socketio {
namespace {

void append_header(std::string& out, PacketType type, const Address& address,
                   std::size_t attachment_count = 0) {
  out.push_back(static_cast<char>('0' + static_cast<int>(type)));
  if (attachment_count != 0) {
    json::append_integer(out, attachment_count);
    out.push_back('-');
  }
  if (!address.name_space.empty() && address.name_space != kMainNamespace) {
    out.append(address.name_space).push_back(',');
  }
  if (address.id) json::append_integer(out, *address.id);
}

}  // namespace

void append_connect(std::string& out, Bytes name_space, Bytes sid, Bytes pid) {
  append_header(out, PacketType::Connect, {.name_space = name_space});
  if (sid.empty()) return;
  json::ObjectWriter writer(out);
  writer.text("sid", sid);
  if (!pid.empty()) writer.text("pid", pid);
  writer.finish();
}

void append_connect_error(std::string& out, Bytes name_space, Bytes message, Bytes data) {
  append_header(out, PacketType::ConnectError, {.name_space = name_space});
  json::ObjectWriter writer(out);
  writer.text("message", message);
  if (!data.empty()) writer.raw("data", data);
  writer.finish();
}

void append_error(std::string& out, Bytes name_space, Bytes data) {
  append_header(out, PacketType::ConnectError, {.name_space = name_space});
  out.append(data);
}

void append_disconnect(std::string& out, Bytes name_space) {
  append_header(out, PacketType::Disconnect, {.name_space = name_space});
}

void append_event(std::string& out, const Address& address, Bytes event, Bytes arguments,
                  std::size_t attachment_count) {
  append_header(out, attachment_count == 0 ? PacketType::Event : PacketType::BinaryEvent, address,
                attachment_count);
  out.push_back('[');
  json::append_string(out, event);
  if (!arguments.empty()) out.append(",").append(arguments);
  out.push_back(']');
}

void append_ack(std::string& out, const Address& address, Bytes arguments,
                std::size_t attachment_count) {
  append_header(out, attachment_count == 0 ? PacketType::Ack : PacketType::BinaryAck, address,
                attachment_count);
  out.append("[").append(arguments).push_back(']');
}

}  // namespace carillon::socketio
