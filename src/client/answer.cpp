#include "client/answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <utility>

#include "protocol/http1/date.hpp"
#include "protocol/json/object.hpp"
#include "protocol/json/scalar.hpp"

namespace carillon::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t kLongestWaitMs = milliseconds(std::chrono::hours(24 * 365)).count();

std::string text_member(const json::Object& object, Bytes name) {
  const json::Value* value = object.find(name);
  return value != nullptr && value->kind == json::Kind::String ? json::decode_string(value->raw)
                                                               : std::string{};
}

native::PositionList positions_member(const json::Object& object, Bytes name) {
  return native::parse_position_list(text_member(object, name)).value_or(native::PositionList{});
}

Duration bounded(Duration advice) {
  return std::clamp(advice, Duration::zero(), limits::kLongestAdvice);
}

/// RFC 9110 §10.2.3: seconds or a date.
std::optional<Duration> retry_after(const http1::Fields& fields, Timestamp wall_clock) {
  const auto text = fields.find("retry-after");
  if (!text) return std::nullopt;
  std::uint32_t count = 0;
  const char* end = text->data() + text->size();
  const auto [past, error] = std::from_chars(text->data(), end, count);
  if (error == std::errc{} && past == end) return bounded(seconds(count));
  const std::chrono::sys_time<std::chrono::microseconds> now(
      std::chrono::microseconds(wall_clock.microseconds));
  const auto date = http1::parse_date(*text, std::chrono::floor<seconds>(now));
  if (!date) return std::nullopt;
  return bounded(std::chrono::duration_cast<Duration>(*date - now));
}

bool can_pass(Bytes code) {
  static constexpr std::array<Bytes, 4> kPassing{"rate_limited", "internal", "unavailable",
                                                 "too_many_connections"};
  return std::ranges::find(kPassing, code) != kPassing.end();
}

/// Of an answer without a code, so probably not our server's.
bool can_pass(int status) {
  return status == 403 || status == 408 || status == 425 || status == 429 ||
         (status >= 500 && status != 501 && status != 505);
}

}  // namespace

std::optional<Problem> parse_problem(Bytes json) {
  const auto object = json::parse_object(json, {.depth = limits::kJsonDepth});
  if (!object) return std::nullopt;
  Problem problem{.code = text_member(*object, "code"), .detail = text_member(*object, "detail")};
  if (problem.code.empty()) return std::nullopt;
  if (problem.detail.empty()) problem.detail = text_member(*object, "message");
  if (const json::Value* wait = object->find("wait_ms")) {
    if (const auto count = json::read_integer(*wait, 0, kLongestWaitMs)) {
      problem.wait = bounded(milliseconds(*count));
    }
  }
  problem.position = positions_member(*object, "position");
  problem.retained = positions_member(*object, "retained");
  return problem;
}

Failure refusal(const Problem& problem, int status) {
  return {.kind = FailureKind::Refused,
          .remedy = can_pass(problem.code) ? Remedy::Retry : Remedy::None,
          .text = problem.detail,
          .code = problem.code,
          .status = status,
          .wait = problem.wait};
}

Failure refusal(const Answer& answer, Timestamp wall_clock) {
  if (const auto problem = parse_problem(answer.body)) {
    Failure failure = refusal(*problem, answer.status);
    if (!failure.wait) failure.wait = retry_after(answer.fields, wall_clock);
    return failure;
  }
  return {.kind = FailureKind::NotOurs,
          .remedy = can_pass(answer.status) ? Remedy::Retry : Remedy::None,
          .text = fmt::format("an answer of status {} that is not a Carillon server's; is there a "
                              "base path, or something in between?",
                              answer.status),
          .status = answer.status,
          .wait = retry_after(answer.fields, wall_clock)};
}

}  // namespace carillon::client
