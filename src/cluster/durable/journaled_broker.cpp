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
  begin_in_turn<Receipt>(channel, ticket, bytes, std::move(done),
                         [this, ticket, request = std::move(request)](Done& answer) mutable {
                           return submit(std::move(request), ticket, answer);
                         });
}

void JournaledBroker::delete_history(std::string channel, hub::Completion<Position> done) {
  begin_in_turn<Position>(channel, std::nullopt, channel.size(), std::move(done),
                          [this, channel](hub::Completion<Position>& answer) {
                            return submit_deletion(channel, answer);
                          });
}

template <class Value, class Submit>
void JournaledBroker::begin_in_turn(const std::string& channel,
                                    const std::optional<DedupeTicket>& ticket, std::size_t bytes,
                                    hub::Completion<Value> done, Submit submit) {
  if (!must_wait(channel, ticket)) {
    submit(done);
    return;
  }
  const auto shared = std::make_shared<hub::Completion<Value>>(std::move(done));
  Call call = [this, channel, shared, submit = std::move(submit)]() mutable {
    if (submit(*shared)) return;
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

bool JournaledBroker::has_room() {
  if (pending_.size() < limits::kLanePublications && pending_bytes_ < limits::kLaneBytes) {
    return true;
  }
  ++counts_.refused_publications;
  return false;
}

bool JournaledBroker::send(Submission submission, const std::string& channel) {
  submission.attempt = attempt_;
  if (!lane_.try_submit(submission)) {
    ++counts_.refused_publications;
    return false;
  }
  ++lines_[channel].begun_count;
  return true;
}

bool JournaledBroker::submit(hub::PublishRequest request, const std::optional<DedupeTicket>& ticket,
                             Done& done) {
  if (!has_room()) {
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
  if (!send({.publication = numbered.publication, .ticket = ticket}, numbered.channel->name)) {
    memory_.give_up(numbered);
    done(std::unexpected(BrokerError::Unavailable));
    return false;
  }
  if (ticket) pending_keys_.insert(ticket->key);
  pending_bytes_ += numbered.publication->footprint_bytes();
  pending_.push_back(Publishing{std::move(numbered), std::move(done)});
  counts_.pending_publications = pending_.size();
  return true;
}

bool JournaledBroker::submit_deletion(const std::string& channel, hub::Completion<Position>& done) {
  const Position top = memory_.top_of(channel);
  auto record = std::make_unique<const DeletionRecord>(channel, top);
  if (!has_room() || !send({.deletion = std::move(record)}, channel)) {
    done(std::unexpected(BrokerError::Unavailable));
    return false;
  }
  pending_.push_back(Deletion{channel, top, std::move(done)});
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
  const std::string channel = channel_of(next);
  std::visit(
      [this](auto& what) {
        release(what);
        keep(std::move(what));
      },
      next);
  on_settled(channel);
}

void JournaledBroker::keep(Publishing publishing) {
  publishing.done(memory_.keep(std::move(publishing.numbered)));
}

void JournaledBroker::keep(Deletion deletion) {
  memory_.delete_up_to(deletion.channel, deletion.position);
  deletion.done(deletion.position);
}

/// None of them is in the log, or nobody knows: the numbers behind the log's end are free again
/// before anybody hears of it and tries anew.
void JournaledBroker::give_up_all() {
  std::deque<Pending> lost = std::exchange(pending_, {});
  ++attempt_;
  counts_.failed_publications += lost.size();
  std::vector<std::string> channels;
  for (const Pending& pending : lost) {
    channels.push_back(channel_of(pending));
    std::visit([this](const auto& what) { release(what); }, pending);
    const auto* const publishing = std::get_if<Publishing>(&pending);
    if (publishing != nullptr) memory_.give_up(publishing->numbered);
  }
  for (Pending& pending : lost) {
    std::visit([](auto& what) { what.done(std::unexpected(BrokerError::Unavailable)); }, pending);
  }
  for (const std::string& channel : channels) on_settled(channel);
}

void JournaledBroker::release(const Publishing& publishing) {
  pending_bytes_ -= publishing.numbered.publication->footprint_bytes();
  if (publishing.numbered.ticket) pending_keys_.erase(publishing.numbered.ticket->key);
}

std::string JournaledBroker::channel_of(const Pending& pending) {
  if (const auto* const deletion = std::get_if<Deletion>(&pending)) return deletion->channel;
  return std::get<Publishing>(pending).numbered.publication->channel;
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
