// The lists of a handshake's fields: what is accepted reads the same when it is written in
// the plainest form, and the judgements of both sides hold for any fields.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/check.hpp"
#include "protocol/websocket/client_handshake.hpp"
#include "protocol/websocket/field_value.hpp"
#include "protocol/websocket/handshake.hpp"

namespace {

using namespace carillon;
using namespace carillon::websocket;

constexpr std::array<std::string_view, 2> kSubprotocols{"carillon.json", "carillon.cbor"};

std::string plain_form(const std::vector<Extension>& extensions) {
  std::string text;
  for (const Extension& extension : extensions) {
    CARILLON_CHECK(is_token(extension.name));
    text.append(text.empty() ? "" : ",").append(extension.name);
    for (const ExtensionParameter& parameter : extension.parameters) {
      CARILLON_CHECK(is_token(parameter.name));
      text.append(";").append(parameter.name);
      if (!parameter.value) continue;
      CARILLON_CHECK(is_token(*parameter.value));
      text.append("=").append(*parameter.value);
    }
  }
  return text;
}

void check_lists(std::span<const Bytes> lines) {
  if (const auto extensions = parse_extensions(lines)) {
    const std::string plain = plain_form(*extensions);
    const std::vector<Bytes> plain_lines{plain};
    CARILLON_CHECK(plain_form(parse_extensions(plain_lines).value()) == plain);
  }
  if (const auto tokens = parse_tokens(lines)) {
    CARILLON_CHECK(std::ranges::all_of(*tokens, is_token));
    for (const Bytes token : *tokens) CARILLON_CHECK(list_contains(lines, token));
  }
}

void check_server(const HandshakeFields& fields) {
  const auto accept = accept_upgrade(
      {.method = "GET", .is_http_1_1_or_later = true, .fields = fields}, kSubprotocols);
  if (!accept) {
    CARILLON_CHECK(refusal_of(accept.error()).status >= 400);
    return;
  }
  CARILLON_CHECK(accept->accept_key.size() == 28);
  CARILLON_CHECK(!accept->subprotocol || list_contains(fields.subprotocols, *accept->subprotocol));
}

void check_client(const HandshakeFields& fields) {
  const Offer offer{
      .host = "h", .target = "/", .key = "AQIDBAUGBwgJCgsMDQ4PEA==", .subprotocols = kSubprotocols};
  const auto agreed = check_answer({.status = 101, .fields = fields}, offer);
  if (!agreed || !*agreed) return;
  CARILLON_CHECK(fields.subprotocols.size() == 1);
  CARILLON_CHECK(trimmed(fields.subprotocols.front()) == **agreed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  HandshakeFields fields;
  std::vector<Bytes> values;
  Bytes rest(reinterpret_cast<const char*>(data), size);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const Bytes line = rest.substr(0, end);
    const std::size_t colon = std::min(line.find(':'), line.size());
    const Bytes value = line.substr(std::min(colon + 1, line.size()));
    fields.add(line.substr(0, colon), value);
    values.push_back(value);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  check_lists(values);
  check_server(fields);
  check_client(fields);
  return 0;
}
