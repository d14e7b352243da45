// Errors as HTTP answers: RFC 9457 problem documents with a code from the one list.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "access/decision.hpp"
#include "core/bytes.hpp"
#include "hub/error.hpp"
#include "protocol/native/message.hpp"
#include "protocol/native/problem_code.hpp"
#include "transport/common/response.hpp"

namespace carillon::transport {

/// An error on its way to a client, owning its words.
struct Problem {
  native::ProblemCode code = native::ProblemCode::Internal;
  std::string detail;
  std::string position = {};  // where the reader stands, for `gone`
  std::string retained = {};  // from where everything is retained, for `gone`
  std::optional<std::chrono::milliseconds> wait = {};
  bool is_last = false;  // the client was told too often: its connection is closed

  native::Problem view() const {
    return {
        .code = code, .detail = detail, .wait = wait, .position = position, .retained = retained};
  }
};

Problem to_problem(const access::Decision& decision);
Problem to_problem(hub::BrokerError error);

/// Back ends ask all reactors for too much at a time (kMostRounds).
Problem too_many_rounds();

Response problem_response(const Problem& problem);
/// The same with a finer HTTP status (405, 414, 431, …).
Response problem_response(native::ProblemCode code, Bytes detail, int status);

}  // namespace carillon::transport
