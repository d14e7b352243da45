#include "protocol/websocket/deflate_offer.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace carillon::websocket {
namespace {

constexpr Bytes kName = "permessage-deflate";
constexpr Bytes kServerFresh = "server_no_context_takeover";
constexpr Bytes kClientFresh = "client_no_context_takeover";
constexpr Bytes kServerWindow = "server_max_window_bits";
constexpr Bytes kClientWindow = "client_max_window_bits";

/// One offer, its parameters valid and each there once.
struct Offered {
  bool server_fresh = false;
  bool client_fresh = false;
  std::optional<std::uint8_t> server_window_bits;
  std::optional<std::uint8_t> client_window_bits;
  bool client_window_can_shrink = false;  // even where the offer does not say how far
};

/// 8–15 in decimal, without a leading zero (§7.1.2).
std::optional<std::uint8_t> parse_window_bits(Bytes text) {
  static constexpr std::array<Bytes, 8> kValues{"8", "9", "10", "11", "12", "13", "14", "15"};
  const auto* found = std::ranges::find(kValues, text);
  if (found == kValues.end()) return std::nullopt;
  return static_cast<std::uint8_t>(8 + (found - kValues.begin()));
}

/// False for what an offer must not hold. Who comes here knows that the name is a new one.
bool take_parameter(const ExtensionParameter& parameter, Offered& offered) {
  if (parameter.name == kServerFresh || parameter.name == kClientFresh) {
    (parameter.name == kServerFresh ? offered.server_fresh : offered.client_fresh) = true;
    return !parameter.value;
  }
  const auto bits = parameter.value ? parse_window_bits(*parameter.value) : std::nullopt;
  if (parameter.name == kServerWindow) {
    offered.server_window_bits = bits;
    return bits.has_value();
  }
  if (parameter.name != kClientWindow) return false;
  offered.client_window_can_shrink = true;
  offered.client_window_bits = bits;
  return bits || !parameter.value;
}

std::optional<Offered> parse_offer(const Extension& extension) {
  if (extension.name != kName) return std::nullopt;
  Offered offered;
  const std::span<const ExtensionParameter> parameters(extension.parameters);
  for (std::size_t index = 0; index < parameters.size(); ++index) {
    const auto before = parameters.first(index);
    const Bytes name = parameters[index].name;
    if (std::ranges::find(before, name, &ExtensionParameter::name) != before.end()) return {};
    if (!take_parameter(parameters[index], offered)) return std::nullopt;
  }
  return offered;
}

Context stricter(Context allowed, bool must_be_fresh) {
  return must_be_fresh ? Context::Fresh : allowed;
}

void append_window(std::string& response, Bytes name, std::uint8_t bits) {
  response.append("; ").append(name).append("=").append(std::to_string(bits));
}

/// Empty for a window that cannot be kept to.
std::optional<DeflateAgreement> answer(const Offered& offered, const DeflatePolicy& policy) {
  const std::uint8_t asked_bits = offered.server_window_bits.value_or(kMostWindowBits);
  if (asked_bits < kLeastWindowBits) return std::nullopt;
  const std::uint8_t known_bits = offered.client_window_bits.value_or(kMostWindowBits);
  DeflateAgreement agreement;
  DeflateParameters& agreed = agreement.parameters;
  agreed.server_context = stricter(policy.server_context, offered.server_fresh);
  agreed.client_context = stricter(policy.client_context, offered.client_fresh);
  agreed.server_window_bits = std::min(asked_bits, policy.window_bits);
  agreed.client_window_bits =
      offered.client_window_can_shrink ? std::min(known_bits, policy.window_bits) : known_bits;

  std::string& response = agreement.response;
  response = kName;
  // Either may be answered without having been offered (§7.1.1); a client's window may not.
  if (agreed.server_context == Context::Fresh) response.append("; ").append(kServerFresh);
  if (agreed.client_context == Context::Fresh) response.append("; ").append(kClientFresh);
  if (offered.server_window_bits) {
    append_window(response, kServerWindow, agreed.server_window_bits);
  }
  if (agreed.client_window_bits < known_bits) {
    append_window(response, kClientWindow, agreed.client_window_bits);
  }
  return agreement;
}

}  // namespace

std::optional<DeflateAgreement> agree_on_deflate(std::span<const Extension> offers,
                                                 const DeflatePolicy& policy) {
  for (const Extension& extension : offers) {
    const std::optional<Offered> offered = parse_offer(extension);
    if (!offered) continue;
    if (auto agreement = answer(*offered, policy)) return agreement;
  }
  return std::nullopt;
}

}  // namespace carillon::websocket
