#include "facade/token_checks.hpp"

#include <utility>

namespace carillon::facade {

transport::Problem no_answer() {
  return {.code = native::ProblemCode::Unavailable,
          .detail = "the application that knows the clients does not answer; try again later"};
}

void TokenChecks::begin(std::uint64_t number, Duration limit, transport::Verified done) {
  if (checks_.size() >= kTokenChecks) return done(std::unexpected(no_answer()));
  Check& check = checks_[number];
  check.done = std::move(done);
  check.deadline =
      reactor_.after(limit, [this, number] { answer(number, std::unexpected(no_answer())); });
}

void TokenChecks::answer(std::uint64_t number, Answer answer) {
  auto found = checks_.extract(number);
  if (found.empty()) return;
  reactor_.cancel(found.mapped().deadline);
  found.mapped().done(std::move(answer));
}

}  // namespace carillon::facade
