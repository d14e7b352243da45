// Whatever a client offers, what is agreed on stays within the policy, and the response is one
// that says so.
#include <array>
#include <cstdint>
#include <string>

#include "core/check.hpp"
#include "protocol/websocket/deflate_offer.hpp"

namespace {

using namespace carillon;
using namespace carillon::websocket;

void check(const DeflateAgreement& agreement, const DeflatePolicy& policy) {
  const DeflateParameters& agreed = agreement.parameters;
  CARILLON_CHECK(agreed.server_window_bits >= kLeastWindowBits);
  CARILLON_CHECK(agreed.server_window_bits <= policy.window_bits);
  CARILLON_CHECK(agreed.client_window_bits >= 8 && agreed.client_window_bits <= kMostWindowBits);
  const bool may_keep = policy.server_context == Context::TakenOver;
  CARILLON_CHECK(may_keep || agreed.server_context == Context::Fresh);

  const std::array<Bytes, 1> lines{agreement.response};
  const auto parsed = parse_extensions(lines);
  CARILLON_CHECK(parsed && parsed->size() == 1);
  CARILLON_CHECK(parsed->front().name == "permessage-deflate");
  // Offered as it was answered it means the same, but for a window that is not said again.
  const auto again = agree_on_deflate(*parsed, policy);
  CARILLON_CHECK(again && again->parameters.server_context == agreed.server_context);
  CARILLON_CHECK(again->parameters.client_context == agreed.client_context);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto context = [&](int bit) {
    return (data[0] & bit) != 0 ? Context::TakenOver : Context::Fresh;
  };
  const DeflatePolicy policy{
      .server_context = context(1),
      .client_context = context(2),
      .window_bits = static_cast<std::uint8_t>(kLeastWindowBits + (data[0] >> 2) % 7)};
  const std::array<Bytes, 1> lines{Bytes(reinterpret_cast<const char*>(data) + 1, size - 1)};
  const auto offers = parse_extensions(lines);
  if (!offers) return 0;
  if (const auto agreement = agree_on_deflate(*offers, policy)) check(*agreement, policy);
  return 0;
}
