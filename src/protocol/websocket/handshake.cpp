#include "protocol/websocket/handshake.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "protocol/websocket/accept_key.hpp"
#include "protocol/websocket/field_value.hpp"

namespace carillon::websocket {
namespace {

constexpr Bytes kVersion = "13";
constexpr std::array<Field, 1> kAllowedMethod{{{"Allow", "GET"}}};
constexpr std::array<Field, 3> kUpgradeWanted{{
    {"Upgrade", "websocket"},
    {"Connection", "Upgrade"},
    {"Sec-WebSocket-Version", kVersion},
}};

/// 16 octets in base64: 22 digits, of which the last carries two bits, and the padding. Its
/// other four bits are not looked at: the example of RFC 6455 §4.1 itself has them set.
bool is_key(Bytes text) {
  constexpr std::size_t kDigits = 22;
  const auto is_digit = [](char character) {
    return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z') ||
           (character >= '0' && character <= '9') || character == '+' || character == '/';
  };
  return text.size() == kDigits + 2 && text.ends_with("==") &&
         std::ranges::all_of(text.substr(0, kDigits), is_digit);
}

bool has_duplicates(std::span<const Bytes> names) {
  for (std::size_t index = 1; index < names.size(); ++index) {
    const std::span<const Bytes> before = names.first(index);
    if (std::ranges::find(before, names[index]) != before.end()) return true;
  }
  return false;
}

/// The names a client offers, in its order.
Result<std::vector<Bytes>, HandshakeError> offered_subprotocols(const HandshakeFields& fields) {
  std::optional<std::vector<Bytes>> names = parse_tokens(fields.subprotocols);
  const bool promised = !fields.subprotocols.empty();
  if (!names || (promised && names->empty()) || has_duplicates(*names)) {
    return std::unexpected(HandshakeError::BadSubprotocols);
  }
  return std::move(*names);
}

Result<std::vector<Extension>, HandshakeError> offered_extensions(const HandshakeFields& fields) {
  std::optional<std::vector<Extension>> offers = parse_extensions(fields.extensions);
  const bool promised = !fields.extensions.empty();
  if (!offers || (promised && offers->empty())) {
    return std::unexpected(HandshakeError::BadExtensions);
  }
  return std::move(*offers);
}

Result<void, HandshakeError> check_version(const HandshakeFields& fields) {
  if (fields.version.size() != 1 || trimmed(fields.version.front()) != kVersion) {
    return std::unexpected(HandshakeError::UnsupportedVersion);
  }
  return {};
}

Result<void, HandshakeError> check_request(const UpgradeRequest& request) {
  const HandshakeFields& fields = request.fields;
  if (request.carrier == Carrier::PlainHttp2) return std::unexpected(HandshakeError::NotAConnect);
  if (request.carrier == Carrier::ExtendedConnect) return check_version(fields);
  // HEAD is answered as GET without an upgrade is (RFC 9110 §9.3.2).
  if (request.method == "HEAD") return std::unexpected(HandshakeError::NotAnUpgrade);
  if (request.method != "GET") return std::unexpected(HandshakeError::MethodNotGet);
  if (!request.is_http_1_1_or_later) return std::unexpected(HandshakeError::HttpVersionTooOld);
  if (!list_contains(fields.upgrade, "websocket") || !list_contains(fields.connection, "upgrade")) {
    return std::unexpected(HandshakeError::NotAnUpgrade);
  }
  TRY(check_version(fields));
  if (fields.key.size() != 1 || !is_key(trimmed(fields.key.front()))) {
    return std::unexpected(HandshakeError::BadKey);
  }
  return {};
}

}  // namespace

void HandshakeFields::add(Bytes name, Bytes value) {
  const std::array<std::pair<Bytes, std::vector<Bytes>*>, 7> known{{
      {"Upgrade", &upgrade},
      {"Connection", &connection},
      {"Sec-WebSocket-Key", &key},
      {"Sec-WebSocket-Accept", &accept},
      {"Sec-WebSocket-Version", &version},
      {"Sec-WebSocket-Protocol", &subprotocols},
      {"Sec-WebSocket-Extensions", &extensions},
  }};
  for (const auto& [known_name, values] : known) {
    if (equals_ignoring_case(name, known_name)) values->push_back(value);
  }
}

Result<Accept, HandshakeError> accept_upgrade(const UpgradeRequest& request,
                                              std::span<const std::string_view> supported,
                                              const std::optional<DeflatePolicy>& deflate) {
  TRY(check_request(request));
  const std::vector<Bytes> offered = TRY(offered_subprotocols(request.fields));
  Accept accept;
  const std::vector<Extension> extensions = TRY(offered_extensions(request.fields));
  if (deflate) accept.deflate = agree_on_deflate(extensions, *deflate);
  if (request.carrier == Carrier::Upgrade) {
    accept.accept_key = accept_key(trimmed(request.fields.key.front()));
  }
  const auto chosen = std::ranges::find_if(
      supported, [&](Bytes name) { return std::ranges::find(offered, name) != offered.end(); });
  if (chosen != supported.end()) accept.subprotocol = *chosen;
  return accept;
}

Refusal refusal_of(HandshakeError error) {
  switch (error) {
    case HandshakeError::MethodNotGet:
      return {.status = 405, .detail = "a WebSocket opens with GET", .fields = kAllowedMethod};
    case HandshakeError::NotAnUpgrade:
      return {.status = 426,
              .detail =
                  "only WebSocket is spoken here: Upgrade and Connection do not ask for it "
                  "(a proxy in between has to pass them on)",
              .fields = kUpgradeWanted};
    case HandshakeError::NotAConnect:
      return {.detail =
                  "over HTTP/2 a WebSocket opens with CONNECT and :protocol websocket (RFC 8441)"};
    case HandshakeError::UnsupportedVersion:
      return {
          .status = 426, .detail = "Sec-WebSocket-Version must be 13", .fields = kUpgradeWanted};
    case HandshakeError::HttpVersionTooOld:
      return {.detail = "a WebSocket needs HTTP/1.1 (a proxy in between has to speak it too)"};
    case HandshakeError::BadKey:
      return {.detail = "Sec-WebSocket-Key must be there once, with 16 octets in base64"};
    case HandshakeError::BadSubprotocols:
      return {.detail = "Sec-WebSocket-Protocol must be a list of distinct tokens"};
    case HandshakeError::BadExtensions:
      return {.detail = "Sec-WebSocket-Extensions does not match its grammar"};
    case HandshakeError::NotSwitched:
    case HandshakeError::BadAccept:
    case HandshakeError::UnwantedSubprotocol:
    case HandshakeError::UnwantedExtension:
      break;
  }
  return {.detail = "not a WebSocket handshake"};
}

}  // namespace carillon::websocket
