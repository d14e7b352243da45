#include "transport/polling/polling.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/hash.hpp"
#include "hub/presence_desk.hpp"
#include "net/reactor.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/channel_query.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/introduction.hpp"
#include "transport/common/limiter.hpp"
#include "transport/common/memberships.hpp"
#include "transport/common/operations.hpp"
#include "transport/common/page_merge.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/publication_json.hpp"
#include "transport/common/tagged_response.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {
namespace {

using native::ProblemCode;

constexpr std::size_t kDefaultLimit = 100;

enum class PollKind { Latest, After, Since };

struct Poll {
  std::vector<std::string> channels;
  PollKind kind = PollKind::Latest;
  native::PositionList after;
  Timestamp since;
  std::size_t limit = kDefaultLimit;

  bool goes_on(std::size_t index) const { return kind == PollKind::After && after[index]; }

  /// Going on from a position or a time is what a subscriber does; anything else reads the history.
  access::Action action_of(std::size_t index) const {
    const bool subscribes = kind == PollKind::Since || goes_on(index);
    return subscribes ? access::Action::Subscribe : access::Action::History;
  }

  hub::ReadStart start_of(std::size_t index) const {
    if (kind == PollKind::Since) return hub::Since{since};
    if (kind == PollKind::After && after[index]) return hub::After{*after[index]};
    return hub::Latest{};
  }
};

Result<Poll, Problem> parse_poll(const Request& request, const access::Identity& identity) {
  const auto bad_request = [](const char* detail) {
    return std::unexpected(Problem{.code = ProblemCode::BadRequest, .detail = detail});
  };
  Poll poll;
  poll.channels = TRY(channels_of(request, identity));
  const auto limit = TRY(number_of(request, "limit", 1, hub::limits::kPagePublications));
  poll.limit = limit.value_or(kDefaultLimit);
  const auto after = request.parameter("after");
  const auto since = request.parameter("since");
  if (after && since) return bad_request("'after' and 'since' exclude each other");
  if (after) {
    poll.kind = PollKind::After;
    poll.after = TRY(positions_of(*after, poll.channels.size()));
  }
  if (since) {
    if (poll.channels.size() > 1) return bad_request("'since' reads one channel at a time");
    const auto timestamp = parse_timestamp(*since);
    if (!timestamp) return bad_request("'since' is a timestamp: milliseconds since 1970");
    poll.kind = PollKind::Since;
    poll.since = *timestamp;
  }
  return poll;
}

/// The pages of one poll as they come in; the last one answers.
class PollAnswer {
 public:
  PollAnswer(Worker& worker, Handle exchange, Poll poll)
      : worker_(worker),
        exchange_(exchange),
        poll_(std::move(poll)),
        parts_(poll_.channels.size()),
        missing_(poll_.channels.size()) {}

  const Poll& poll() const { return poll_; }

  void put(std::size_t index, Result<hub::Page, hub::BrokerError> page) {
    if (!page) {
      fail(to_problem(page.error()));
    } else {
      put_page(index, std::move(*page));
    }
    if (--missing_ == 0) answer();
  }

 private:
  void put_page(std::size_t index, hub::Page page) {
    const bool is_broken = page.continuity != hub::Continuity::Unbroken;
    if (is_broken && poll_.kind == PollKind::After) {
      fail(gone(page));
      problem_positions_.resize(poll_.channels.size());
      retained_positions_.resize(poll_.channels.size());
      problem_positions_[index] = page.top;
      retained_positions_[index] = page.begin;
    }
    is_gap_ = is_gap_ || (is_broken && poll_.kind == PollKind::Since);
    const Position end = poll_.kind == PollKind::Latest ? page.top : page.position;
    parts_[index] = {.publications = std::move(page.publications), .begin = page.begin, .end = end};
  }

  void fail(Problem problem) {
    if (!problem_) problem_ = std::move(problem);
  }

  void answer() {
    Exchange* exchange = worker_.find(exchange_);
    if (exchange == nullptr) return;
    if (problem_) return exchange->respond(refusal());
    const auto keep = poll_.kind == PollKind::Latest ? MergeKeep::Newest : MergeKeep::Oldest;
    const MergedPage page = merge_parts(std::move(parts_), poll_.limit, keep);
    std::string body;
    append_publications(body, page.publications);
    const std::string positions = position_text(page.positions);
    const std::string etag = fmt::format("\"{:016x}\"", siphash({}, body + positions));
    Response response = tagged_json_response(
        exchange->request(), etag, worker_.reactor().wall_clock(), [&body] { return body; });
    response.add("Carillon-Position", positions);
    if (is_gap_) response.add("Carillon-Gap", "true");
    exchange->respond(std::move(response));
  }

  Response refusal() {
    if (!problem_positions_.empty()) {
      problem_->position = position_text(problem_positions_);
      problem_->retained = position_text(retained_positions_);
    }
    return problem_response(*problem_);
  }

  Worker& worker_;
  Handle exchange_;
  Poll poll_;
  std::vector<ChannelPart> parts_;
  std::size_t missing_;
  std::optional<Problem> problem_;
  native::PositionList problem_positions_;  // of those channels whose start is gone
  native::PositionList retained_positions_;
  bool is_gap_ = false;
};

/// A client that polls with its session counts until it has not polled for a while, where it may
/// subscribe: reading the history alone makes nobody a member.
void attend(Worker& worker, const Caller& caller, const std::vector<std::string>& channels) {
  if (!caller.client) return;
  hub::PresenceDesk& presence = worker.hub().presence();
  for (const std::string& channel : channels) {
    if (!presence.keeps(channel)) continue;
    if (!require(worker, caller, access::Action::Subscribe, channel)) continue;
    presence.touch(channel, profile_of(caller.identity, caller.client),
                   worker.settings().presence.lease);
  }
}

void answer_poll(Worker& worker, Exchange& exchange, const Caller& caller) {
  auto poll = parse_poll(exchange.request(), caller.identity);
  if (!poll) return exchange.respond(problem_response(poll.error()));
  for (std::size_t i = 0; i < poll->channels.size(); ++i) {
    if (auto allowed = require(worker, caller, poll->action_of(i), poll->channels[i]); !allowed) {
      return exchange.respond(problem_response(allowed.error()));
    }
    if (poll->goes_on(i)) continue;
    if (auto admitted = admit_history_read(worker, caller); !admitted) {
      return exchange.respond(problem_response(admitted.error()));
    }
  }
  attend(worker, caller, poll->channels);
  auto answer = std::make_shared<PollAnswer>(worker, exchange.handle(), std::move(*poll));
  for (std::size_t i = 0; i < answer->poll().channels.size(); ++i) {
    worker.hub().read(
        {.channel = answer->poll().channels[i],
         .start = answer->poll().start_of(i),
         .limit = answer->poll().limit},
        [answer, i](Result<hub::Page, hub::BrokerError> page) { answer->put(i, std::move(page)); });
  }
}

}  // namespace

void serve_poll(Worker& worker, Exchange& exchange) {
  with_caller(worker, exchange, TransportKind::Http, answer_poll);
}

void add_polling_routes(Router& router) {
  router.add("GET", "/api/messages", {.handler = serve_poll});
}

}  // namespace carillon::transport
