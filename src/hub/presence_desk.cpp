#include "hub/presence_desk.hpp"

#include <memory>

namespace carillon::hub {
namespace {

/// Waits for the answers of all homes. The first error is the answer of all.
struct Togetherness {
  std::size_t awaited;
  Completion<bool> done;
  Result<bool, BrokerError> found = false;

  void add(const Result<bool, BrokerError>& answer) {
    if (!answer) {
      found = std::unexpected(answer.error());
    } else if (found) {
      *found = *found || *answer;
    }
    if (--awaited == 0) done(found);
  }
};

Timestamp after(Timestamp now, Duration time) {
  return {now.microseconds + std::chrono::duration_cast<std::chrono::microseconds>(time).count()};
}

}  // namespace

void PresenceDesk::enter(Bytes channel, const PresenceProfile& profile) {
  ++connections_[{profile.client, std::string(channel)}];
  tell({.kind = PresenceNotice::Kind::Enter, .channel = std::string(channel), .profile = profile});
}

void PresenceDesk::leave(Bytes channel, ClientId client, LeaveCause cause, Duration patience) {
  const auto found = connections_.find({client, std::string(channel)});
  if (found == connections_.end() || --found->second > 0) return;
  connections_.erase(found);
  tell({.kind = PresenceNotice::Kind::Leave,
        .cause = cause,
        .channel = std::string(channel),
        .profile = {.client = client, .user = {}, .info = {}},
        .until = after(parts_.clock.now(), patience)});
}

void PresenceDesk::touch(Bytes channel, const PresenceProfile& profile, Duration patience) {
  tell({.kind = PresenceNotice::Kind::Touch,
        .channel = std::string(channel),
        .profile = profile,
        .until = after(parts_.clock.now(), patience)});
}

void PresenceDesk::tell(PresenceNotice notice) {
  // What was refused before goes first: a leave must not overtake its join.
  if (refused_.empty() && parts_.line.try_tell(notice)) return;
  const bool may_be_dropped = notice.kind != PresenceNotice::Kind::Leave;
  if (may_be_dropped && refused_.size() >= limits::kWaitingNotices) {
    ++parts_.probe.count().dropped_notices;
    return;
  }
  refused_.push_back(std::move(notice));
}

void PresenceDesk::on_time() {
  while (!refused_.empty() && parts_.line.try_tell(refused_.front())) refused_.pop_front();
}

void PresenceDesk::list(PresenceQuery query, Completion<PresencePage> done) {
  parts_.line.list_members(std::move(query), std::move(done));
}

void PresenceDesk::set_data(PresenceData data, Completion<bool> done) {
  parts_.line.set_presence_data(std::move(data), std::move(done));
}

void PresenceDesk::find_together(const PresencePair& pair, Completion<bool> done) {
  const std::size_t count = parts_.line.reactor_count();
  const auto gathering = std::make_shared<Togetherness>(count, std::move(done));
  for (ReactorIndex home = 0; home < count; ++home) {
    parts_.line.are_together(
        home, pair, [gathering](Result<bool, BrokerError> answer) { gathering->add(answer); });
  }
}

}  // namespace carillon::hub
