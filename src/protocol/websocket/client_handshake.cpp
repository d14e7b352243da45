#include "protocol/websocket/client_handshake.hpp"

#include <algorithm>

#include "core/base64.hpp"
#include "protocol/websocket/accept_key.hpp"
#include "protocol/websocket/field_value.hpp"

namespace carillon::websocket {
namespace {

void append_field(std::string& head, Bytes name, Bytes value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

std::string joined(std::span<const std::string_view> names) {
  std::string list;
  for (const Bytes name : names) {
    if (!list.empty()) list.append(", ");
    list.append(name);
  }
  return list;
}

bool is_single(std::span<const Bytes> lines, Bytes value) {
  return lines.size() == 1 && trimmed(lines.front()) == value;
}

Result<std::optional<std::string_view>, HandshakeError> agreed_subprotocol(
    std::span<const Bytes> lines, const Offer& offer) {
  if (lines.empty()) return std::nullopt;
  const auto agreed =
      std::ranges::find_if(offer.subprotocols, [&](Bytes name) { return is_single(lines, name); });
  if (agreed == offer.subprotocols.end()) {
    return std::unexpected(HandshakeError::UnwantedSubprotocol);
  }
  return *agreed;
}

}  // namespace

std::string client_key(std::span<const char, 16> nonce) {
  return base64_encode({nonce.data(), nonce.size()});
}

std::string request_head(const Offer& offer) {
  std::string head;
  head.append("GET ").append(offer.target).append(" HTTP/1.1\r\n");
  append_field(head, "Host", offer.host);
  append_field(head, "Upgrade", "websocket");
  append_field(head, "Connection", "Upgrade");
  append_field(head, "Sec-WebSocket-Key", offer.key);
  append_field(head, "Sec-WebSocket-Version", "13");
  if (!offer.subprotocols.empty()) {
    append_field(head, "Sec-WebSocket-Protocol", joined(offer.subprotocols));
  }
  for (const Field& field : offer.fields) append_field(head, field.name, field.value);
  return head.append("\r\n");
}

Result<std::optional<std::string_view>, HandshakeError> check_answer(const Answer& answer,
                                                                     const Offer& offer) {
  const HandshakeFields& fields = answer.fields;
  if (answer.status != 101) return std::unexpected(HandshakeError::NotSwitched);
  if (!list_contains(fields.upgrade, "websocket") || !list_contains(fields.connection, "upgrade")) {
    return std::unexpected(HandshakeError::NotAnUpgrade);
  }
  if (!is_single(fields.accept, accept_key(offer.key))) {
    return std::unexpected(HandshakeError::BadAccept);
  }
  // None is ever offered, so any that is named was not asked for.
  const auto is_blank = [](Bytes line) { return trimmed(line).empty(); };
  if (!std::ranges::all_of(fields.extensions, is_blank)) {
    return std::unexpected(HandshakeError::UnwantedExtension);
  }
  return agreed_subprotocol(fields.subprotocols, offer);
}

}  // namespace carillon::websocket
