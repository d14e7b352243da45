// links: carillon_access
// Session tokens: a text without our signature is never accepted, and what we sign comes back.
#include <cstddef>
#include <cstdint>
#include <string>

#include "access/session_token.hpp"
#include "core/bytes.hpp"
#include "core/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace carillon;
  using namespace carillon::access;

  const Bytes input(reinterpret_cast<const char*>(data), size);
  constexpr Bytes kSecret = "a secret that no input can know of";
  CARILLON_CHECK(!verify_session(input, kSecret, Timestamp{0}));

  const SessionClaims claims{.client = "c_1",
                             .user = std::string(input.substr(0, kMaxSessionUserBytes)),
                             .issued = Timestamp{static_cast<std::int64_t>(size)},
                             .expires = Timestamp{static_cast<std::int64_t>(size) + 1}};
  const std::string token = sign_session(claims, kSecret);
  CARILLON_CHECK(verify_session(token, kSecret, claims.issued) == claims);
  CARILLON_CHECK(!verify_session(token, kSecret, claims.expires));
  if (size > 0) {
    std::string changed = token;
    changed[data[0] % changed.size()] ^= 1;
    CARILLON_CHECK(!verify_session(changed, kSecret, claims.issued));
  }
  return 0;
}
