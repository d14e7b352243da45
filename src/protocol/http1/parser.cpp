#include "protocol/http1/parser.hpp"

#include <utility>

namespace carillon::http1 {

Result<std::optional<Event>, ParseError> RequestParser::poll(Bytes& input) {
  if (phase_ == Phase::Failed) return std::unexpected(error_);
  auto event = phase_ == Phase::Body ? poll_body(input) : poll_head(input);
  if (!event) {
    error_ = event.error();
    phase_ = Phase::Failed;
  }
  return event;
}

Result<std::optional<Event>, ParseError> RequestParser::poll_head(Bytes& input) {
  if (!TRY(reader_.read(input, *limits_))) {
    phase_ = reader_.started() ? Phase::Head : Phase::Idle;
    return std::nullopt;
  }
  body_ = BodyReader(reader_.framing());
  phase_ = Phase::Body;
  return HeadComplete{};
}

Result<std::optional<Event>, ParseError> RequestParser::poll_body(Bytes& input) {
  auto event = TRY(body_.poll(input, *limits_));
  if (event && std::holds_alternative<MessageComplete>(*event)) {
    take_head();  // if nobody did: assigning an empty string would keep the memory
    reader_ = RequestHeadReader();
    phase_ = Phase::Idle;
  }
  return event;
}

RequestHead RequestParser::take_head() {
  return reader_.take();
}

}  // namespace carillon::http1
