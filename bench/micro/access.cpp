// bench_access: what access costs a single time, in nanoseconds, the best of several rounds:
// verifying a token, and asking whether one with 100 patterns allows something.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>

#include "access/permissions.hpp"
#include "access/token.hpp"
#include "core/check.hpp"

namespace {

using namespace carillon;

/// Each so short that some are not interrupted, whatever else the machine does.
constexpr int kRounds = 500;
constexpr std::size_t kPatterns = 100;

/// RFC 7515, appendix A.3: its key, and its token, which ended in 2011.
constexpr Bytes kEs256Keys =
    R"({"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})";
constexpr Bytes kEs256Token =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
    "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5dj"
    "xLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
constexpr Timestamp kIn2011{1'300'000'000'000'000};

void measure(const char* what, int repetitions, const std::function<void()>& act) {
  auto best = std::chrono::steady_clock::duration::max();
  for (int round = 0; round < kRounds; ++round) {
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < repetitions; ++i) act();
    best = std::min(best, std::chrono::steady_clock::now() - begun);
  }
  const auto time = std::chrono::duration_cast<std::chrono::nanoseconds>(best);
  std::printf("%-34s %10.0f ns\n", what,
              static_cast<double>(time.count()) / static_cast<double>(repetitions));
}

void verify_tokens() {
  access::TokenRules by_key;
  CARILLON_CHECK(by_key.keys.add_jwks(kEs256Keys).has_value());
  measure("verify a token, ES256", 5,
          [&] { CARILLON_CHECK(access::verify_token(kEs256Token, by_key, kIn2011).has_value()); });
  const std::string secret(32, 'k');
  const std::string token = access::mint_token(
      R"({"sub":"ann","exp":4000000000,"channels":{"chat:*":["subscribe","publish"]}})", secret);
  access::TokenRules by_secret;
  by_secret.keys.add({}, access::VerificationKey::of_secret(secret).value());
  measure("verify a token, HS256", 50,
          [&] { CARILLON_CHECK(access::verify_token(token, by_secret, kIn2011).has_value()); });
}

void check_grants() {
  auto claims = std::make_shared<access::Claims>();
  access::ActionSet publish;
  publish.add(access::Action::Publish);
  for (std::size_t index = 0; index < kPatterns; ++index) {
    CARILLON_CHECK(claims->grants.add("room:" + std::to_string(1000 + index) + ":*", publish));
  }
  const access::Permissions permissions{.stance = access::Stance::Configured};
  const access::Identity identity{.claims = claims};
  const auto decide = [&](Bytes channel) {
    return access::decide(permissions, identity, access::Locality::Remote, access::Action::Publish,
                          channel);
  };
  measure("permission, the last of 100 patterns", 500,
          [&] { CARILLON_CHECK(decide("room:1099:chat").allowed()); });
  measure("permission, none of 100 patterns", 500,
          [&] { CARILLON_CHECK(!decide("room:2000:chat").allowed()); });
}

}  // namespace

int main() {
  verify_tokens();
  check_grants();
}
