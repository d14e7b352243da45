#include "client/closing.hpp"

#include <algorithm>
#include <chrono>

#include "client/limits.hpp"

namespace carillon::client {

Failure read_closing(const ServerObject& closing) {
  using std::chrono::milliseconds;
  constexpr auto kLongest = std::chrono::duration_cast<milliseconds>(limits::kLongestAdvice);
  const std::string code = closing.text("code");
  Failure failure{.kind = FailureKind::Closing,
                  .remedy = closing.boolean("reconnect", true) ? Remedy::Retry : Remedy::None,
                  .text = "the server ends the connection (" + code + ")",
                  .code = code};
  if (const auto wait = closing.integer("wait_ms")) {
    const auto most = static_cast<std::uint64_t>(kLongest.count());
    failure.wait = milliseconds(static_cast<std::int64_t>(std::min(*wait, most)));
  }
  return failure;
}

}  // namespace carillon::client
