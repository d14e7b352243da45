#include "cluster/durable/journaled_broker.hpp"

#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "cluster/durable/limits.hpp"

namespace carillon::cluster::durable {

using hub::BrokerError;
using hub::Receipt;

namespace {

std::size_t bytes_of(const hub::PublicationDraft& draft) {
  return draft.channel.size() + draft.data.size() + draft.publisher.user.size() + draft.key.size();
}

}  // namespace

void JournaledBroker::publish(hub::PublishRequest request, Done done) {
  const std::optional<DedupeTicket> ticket = memory_.ticket(request);
  const std::string channel = request.draft.channel;
  const std::size_t bytes = bytes_of(request.draft);
  if (!must_wait(channel, ticket)) {
    submit(std::move(request), ticket, done);
    return;
  }
  const auto shared = std::make_shared<Done>(std::move(done));
  Call call = [this, channel, ticket, shared, request = std::move(request)]() mutable {
    if (submit(std::move(request), ticket, *shared)) return;
    // Where nothing is written, who waits behind it need not wait for that. It is next in the loop
    // that called: a call of its own for each of many repetitions would use up the stack.
    Line& line = lines_[channel];
    ++line.begun_count;
    ++line.settled_count;
  };
  if (!wait(channel, CallKind::Publish, bytes, call)) {
    (*shared)(std::unexpected(BrokerError::Unavailable));
  }
}

/// A repetition of a key must hear what becomes of the first use, and nobody overtakes it.
bool JournaledBroker::must_wait(const std::string& channel,
                                const std::optional<DedupeTicket>& ticket) const {
  const auto line = lines_.find(channel);
  if (line == lines_.end()) return false;
  return line->second.waiting_publish_count > 0 || (ticket && pending_keys_.contains(ticket->key));
}

bool JournaledBroker::submit(hub::PublishRequest request, const std::optional<DedupeTicket>& ticket,
                             Done& done) {
  if (pending_.size() >= limits::kLanePublications || pending_bytes_ >= limits::kLaneBytes) {
    ++counts_.refused_publications;
    done(std::unexpected(BrokerError::Unavailable));
    return false;
  }
  auto outcome = memory_.number(std::move(request), ticket);
  if (!outcome) {
    done(std::unexpected(outcome.error()));
    return false;
  }
  if (const Receipt* const first = std::get_if<Receipt>(&*outcome)) {
    done(*first);
    return false;
  }
  Numbered numbered = std::get<Numbered>(*std::move(outcome));
  Submission submission{.publication = numbered.publication, .ticket = ticket, .attempt = attempt_};
  if (!lane_.try_submit(submission)) {
    memory_.give_up(numbered);
    ++counts_.refused_publications;
    done(std::unexpected(BrokerError::Unavailable));
    return false;
  }
  ++lines_[numbered.channel->name].begun_count;
  if (ticket) pending_keys_.insert(ticket->key);
  pending_bytes_ += numbered.publication->footprint_bytes();
  pending_.push_back({std::move(numbered), std::move(done)});
  counts_.pending_publications = pending_.size();
  return true;
}

// --- Verdicts ---------------------------------------------------------------------------------

void JournaledBroker::on_ready(std::uint32_t /*events*/) {
  lane_.clear_event();
  while (const std::optional<Verdict> verdict = lane_.take_verdict()) settle(*verdict);
  counts_.pending_publications = pending_.size();
}

void JournaledBroker::settle(const Verdict& verdict) {
  if (verdict.attempt != attempt_) return;
  if (!verdict.is_kept) return give_up_all();
  for (std::uint64_t left = verdict.count; left > 0; --left) keep_next();
}

/// What the callbacks begin is behind everything that is pending already.
void JournaledBroker::keep_next() {
  Pending next = std::move(pending_.front());
  pending_.pop_front();
  release(next);
  const std::string channel = next.numbered.publication->channel;
  next.done(memory_.keep(std::move(next.numbered)));
  on_settled(channel);
}

/// None of them is in the log, or nobody knows: the numbers behind the log's end are free again
/// before anybody hears of it and tries anew.
void JournaledBroker::give_up_all() {
  std::deque<Pending> lost = std::exchange(pending_, {});
  ++attempt_;
  counts_.failed_publications += lost.size();
  for (const Pending& pending : lost) {
    release(pending);
    memory_.give_up(pending.numbered);
  }
  for (Pending& pending : lost) pending.done(std::unexpected(BrokerError::Unavailable));
  for (const Pending& pending : lost) on_settled(pending.numbered.publication->channel);
}

void JournaledBroker::release(const Pending& pending) {
  pending_bytes_ -= pending.numbered.publication->footprint_bytes();
  if (pending.numbered.ticket) pending_keys_.erase(pending.numbered.ticket->key);
}

// --- Order within a channel -------------------------------------------------------------------

bool JournaledBroker::wait(const std::string& channel, CallKind kind, std::size_t bytes,
                           Call& call) {
  if (waiting_count_ >= limits::kWaitingCalls || waiting_bytes_ >= limits::kWaitingBytes) {
    ++counts_.refused_calls;
    return false;
  }
  Line& line = lines_[channel];
  ++waiting_count_;
  waiting_bytes_ += bytes;
  line.waiting.push_back({.after = line.begun_count + line.waiting_publish_count,
                          .kind = kind,
                          .bytes = bytes,
                          .call = std::move(call)});
  if (kind == CallKind::Publish) ++line.waiting_publish_count;
  return true;
}

void JournaledBroker::on_settled(const std::string& channel) {
  ++lines_[channel].settled_count;
  for (;;) {
    // Looked up each time: a call may do anything.
    const auto found = lines_.find(channel);
    if (found == lines_.end()) return;
    Line& line = found->second;
    if (line.waiting.empty()) {
      if (line.settled_count == line.begun_count) lines_.erase(found);
      return;
    }
    if (line.waiting.front().after > line.settled_count) return;
    Waiting next = std::move(line.waiting.front());
    line.waiting.pop_front();
    --waiting_count_;
    waiting_bytes_ -= next.bytes;
    if (next.kind == CallKind::Publish) --line.waiting_publish_count;
    next.call();
  }
}

template <class Value, class Run>
void JournaledBroker::in_turn(const std::string& channel, std::size_t bytes,
                              hub::Completion<Value> done, Run run) {
  if (!lines_.contains(channel)) return run(std::move(done));
  const auto shared = std::make_shared<hub::Completion<Value>>(std::move(done));
  Call call = [shared, run = std::move(run)]() mutable { run(std::move(*shared)); };
  if (!wait(channel, CallKind::Other, bytes, call)) {
    (*shared)(std::unexpected(BrokerError::Unavailable));
  }
}

void JournaledBroker::publish_ephemeral(hub::PublicationDraft draft, hub::Completion<void> done) {
  const std::string channel = draft.channel;
  const std::size_t bytes = bytes_of(draft);
  in_turn<void>(channel, bytes, std::move(done),
                [this, draft = std::move(draft)](hub::Completion<void> answer) mutable {
                  memory_.publish_ephemeral(std::move(draft), std::move(answer));
                });
}

void JournaledBroker::read(hub::ReadRequest request, hub::Completion<hub::Page> done) {
  const std::string channel = request.channel;
  in_turn<hub::Page>(
      channel, 0, std::move(done),
      [this, request = std::move(request)](hub::Completion<hub::Page> answer) mutable {
        memory_.read(std::move(request), std::move(answer));
      });
}

void JournaledBroker::subscribe(hub::ReadRequest request, hub::Completion<hub::Page> done) {
  if (!lines_.contains(request.channel)) {
    return memory_.subscribe(std::move(request), std::move(done));
  }
  // From now on it is heard, whatever ends the subscription before the page is read.
  memory_.subscribe({.channel = request.channel, .start = hub::Latest{}, .limit = 0}, [](auto) {});
  read(std::move(request), std::move(done));
}

}  // namespace carillon::cluster::durable
