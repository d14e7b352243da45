#include "transport/common/verification.hpp"

#include <string>
#include <utility>

#include "access/token.hpp"
#include "net/reactor.hpp"

namespace carillon::transport {
namespace {

Problem unauthenticated(const char* detail) {
  return {.code = native::ProblemCode::Unauthenticated, .detail = detail};
}

Result<access::Identity, Problem> if_not_revoked(Worker& worker,
                                                 Result<access::Identity, Problem> answer) {
  const bool is_revoked =
      answer && answer->claims &&
      worker.revocations().cover(*answer->claims, worker.reactor().wall_clock());
  if (is_revoked) answer = std::unexpected(unauthenticated("the token has been revoked"));
  if (!answer && answer.error().code == native::ProblemCode::Unauthenticated) {
    ++worker.probe().refused_tokens;
  } else if (!answer) {
    ++worker.probe().failed_verifications;
  }
  return answer;
}

}  // namespace

void verify_by_application(Worker& worker, Bytes token, Verified done) {
  Verified answered = [&worker,
                       done = std::move(done)](Result<access::Identity, Problem> answer) mutable {
    // After what sockets bring in this tick: a stream that is taken over then has nothing on its
    // way to the handler before.
    worker.reactor().defer([&worker, answer = std::move(answer), done = std::move(done)]() mutable {
      done(if_not_revoked(worker, std::move(answer)));
    });
  };
  if (token.size() > access::kMaxTokenBytes) {
    return answered(std::unexpected(unauthenticated("the token is longer than any may be")));
  }
  worker.hooks().verify_token(worker, token, std::move(answered));
}

}  // namespace carillon::transport
