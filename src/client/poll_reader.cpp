#include "client/poll_reader.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "client/query.hpp"
#include "protocol/json/object.hpp"

namespace carillon::client {
namespace {

constexpr Bytes kPoll = "/api/messages";
constexpr Bytes kLongPoll = "/api/messages/subscribe";

/// A long poll is asked to end well before its silence is held against it.
std::chrono::seconds waiting_time(Duration silence) {
  const auto part = std::chrono::floor<std::chrono::seconds>(silence * 2 / 3);
  return std::clamp(part, std::chrono::seconds(1), limits::kLongPollTime);
}

Failure not_ours(std::string text) {
  return {.kind = FailureKind::NotOurs, .remedy = Remedy::None, .text = std::move(text)};
}

}  // namespace

PollReader::PollReader(net::Reactor& reactor, const ClientOptions& options,
                       const ReadRequest& request, Mode mode, ReaderListener& listener,
                       std::size_t latest_count)
    : reactor_(reactor),
      options_(options),
      request_(request),
      mode_(mode),
      listener_(listener),
      latest_count_(latest_count),
      requester_(reactor, options, limits::kAnswerBytes) {}

PollReader::~PollReader() {
  stop();
}

void PollReader::start(native::PositionList after) {
  positions_ = std::move(after);
  ask();
}

void PollReader::stop() {
  stopped_ = true;
  reactor_.cancel(pause_);
  requester_.cancel();
}

bool PollReader::knows_positions() const {
  return std::ranges::all_of(positions_, [](const auto& each) { return each.has_value(); });
}

HttpRequest PollReader::next_request() const {
  const bool from_now = mode_ != Mode::Latest && !knows_positions();
  const bool is_long = mode_ == Mode::Long || from_now;
  HttpRequest request{.target = std::string(is_long ? kLongPoll : kPoll)};
  for (const std::string& channel : request_.channels) {
    append_parameter(request.target, "channel", channel);
  }
  if (mode_ == Mode::Latest) {
    append_parameter(request.target, "limit", std::to_string(latest_count_));
    return request;
  }
  std::string after;
  native::append_position_list(after, positions_);
  append_parameter(request.target, "after", after);
  if (is_long) {
    const auto wait = from_now ? std::chrono::seconds(0) : waiting_time(options_.silence);
    append_parameter(request.target, "timeout", std::to_string(wait.count()));
  } else {
    append_parameter(request.target, "limit", std::to_string(limits::kPageMessages));
  }
  return request;
}

void PollReader::ask() {
  requester_.send(next_request(),
                  [this](Result<Answer, Failure> answer) { on_answer(std::move(answer)); });
}

void PollReader::on_answer(Result<Answer, Failure> answer) {
  if (!answer) return fail(answer.error());
  if (answer->status == 200) return on_page(*answer);
  if (answer->status == 410) return on_gone(*answer);
  fail(refusal(*answer, reactor_.wall_clock()));
}

void PollReader::on_page(const Answer& answer) {
  const auto field = answer.fields.find("carillon-position");
  const auto positions = native::parse_position_list(field.value_or(Bytes{}));
  if (!positions || positions->size() != request_.channels.size()) {
    return fail(not_ours("an answer without a Carillon-Position for each channel"));
  }
  if (!tell_messages(answer.body)) {
    if (!stopped_)
      fail(not_ours("an answer that is no list of messages of the channels asked for"));
    return;
  }
  tell_positions(*positions, answer.fields.has("carillon-gap"));
  if (stopped_) return;
  if (mode_ == Mode::Latest) {
    stop();
    return listener_.on_reader_done();
  }
  const bool is_full = message_count_ >= limits::kPageMessages;
  const bool waits = mode_ == Mode::Short && !is_full;
  if (!waits) return ask();
  pause_ = reactor_.after(request_.poll_interval, [this] { ask(); });
}

/// False where the body is not what it should be, or the listener has stopped this reader.
bool PollReader::tell_messages(Bytes body) {
  const auto items = json::parse_array(
      body, {.depth = limits::kJsonDepth + 1, .items = limits::kPageMessages + 1});
  if (!items) return false;
  message_count_ = items->size();
  for (const json::Value& item : *items) {
    const auto object = ServerObject::parse(item.raw);
    const auto message = object ? object->message() : std::nullopt;
    const auto index = object ? index_of(request_, object->channel()) : std::nullopt;
    if (!message || !index) return false;
    positions_[*index] = message->position;
    listener_.on_message(*index, *message);
    if (stopped_) return false;
  }
  return true;
}

void PollReader::tell_positions(const native::PositionList& positions, bool gap) {
  for (std::size_t i = 0; i < positions.size() && !stopped_; ++i) {
    if (!positions[i]) continue;
    // The list tells no channel by name: where it stands elsewhere than its last message, it broke.
    const bool broke = gap && positions_[i] != positions[i];
    positions_[i] = positions[i];
    if (broke) {
      listener_.on_gap(i, *positions[i]);
    } else {
      listener_.on_position(i, *positions[i]);
    }
  }
}

/// What is still retained is the best there is to go on from.
void PollReader::on_gone(const Answer& answer) {
  const auto problem = parse_problem(answer.body);
  const std::size_t count = request_.channels.size();
  if (!problem || (problem->retained.size() != count && problem->position.size() != count)) {
    return fail(refusal(answer, reactor_.wall_clock()));
  }
  const bool has_retained = problem->retained.size() == count;
  const native::PositionList& start = has_retained ? problem->retained : problem->position;
  bool moved = false;
  for (std::size_t i = 0; i < count && !stopped_; ++i) {
    if (!start[i]) continue;
    moved = moved || positions_[i] != start[i];
    positions_[i] = start[i];
    listener_.on_gap(i, *start[i]);
  }
  if (stopped_) return;
  if (!moved) return fail(refusal(answer, reactor_.wall_clock()));
  ask();
}

void PollReader::fail(const Failure& failure) {
  stop();
  listener_.on_reader_failed(failure);
}

}  // namespace carillon::client
