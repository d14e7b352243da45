#include "hub/rosters.hpp"

#include <algorithm>
#include <utility>

namespace carillon::hub {
namespace {

/// Whoever has heard of an earlier roster of the channel sees that this is another: time goes on
/// faster than a channel's members come and go.
std::uint64_t first_version(Timestamp now) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(now.microseconds / 1000, 1));
}

}  // namespace

Rosters::Rosters(const NamespaceTable& namespaces, const Clock& clock, Probe& probe, Tell tell)
    : namespaces_(namespaces), clock_(clock), probe_(probe), tell_(std::move(tell)) {}

Rosters::Channel* Rosters::find(Bytes channel) {
  const auto found = channels_.find(channel);
  return found == channels_.end() ? nullptr : &found->second;
}

Rosters::Channel* Rosters::enterable(const std::string& channel, ClientId client) {
  const std::size_t most = namespaces_.of(channel).presence_members;
  Channel* found = find(channel);
  const bool is_full = found == nullptr ? most == 0 : found->roster.size() >= most;
  if (is_full && (found == nullptr || !found->roster.has(client))) {
    ++probe_.count().refused_members;
    return nullptr;
  }
  if (found != nullptr) return found;
  Channel made{.name = channel, .roster = Roster(first_version(clock_.now()))};
  return &channels_.emplace(channel, std::move(made)).first->second;
}

void Rosters::on_notice(ReactorIndex from, const PresenceNotice& notice) {
  const Timestamp now = clock_.now();
  const bool leaves = notice.kind == PresenceNotice::Kind::Leave;
  const ClientId client = notice.profile.client;
  Channel* const channel = leaves ? find(notice.channel) : enterable(notice.channel, client);
  if (channel == nullptr) return;
  Roster& roster = channel->roster;
  auto change = leaves ? roster.leave(from, notice, now)
                : notice.kind == PresenceNotice::Kind::Enter
                    ? roster.enter(from, notice.profile, now)
                    : roster.touch(notice.profile, notice.until, now);
  watch_end(*channel, client);
  on_change(*channel, std::move(change));
}

bool Rosters::set_data(PresenceData data) {
  Channel* const channel = find(data.channel);
  if (channel == nullptr || !channel->roster.has(data.client)) return false;
  on_change(*channel, channel->roster.set_data(data.client, std::move(data.data)));
  return true;
}

PresencePage Rosters::page(const PresenceQuery& query) const {
  const auto found = channels_.find(query.channel);
  if (found == channels_.end()) return {};
  return found->second.roster.page(query.after, std::min(query.limit, limits::kPageMembers));
}

bool Rosters::are_together(const PresencePair& pair) const {
  const auto found = by_client_.find(pair.one);
  if (found == by_client_.end()) return false;
  return std::ranges::any_of(
      found->second, [&](const Channel* channel) { return channel->roster.has(pair.other); });
}

/// The channel may be gone afterwards.
void Rosters::on_change(Channel& channel, std::optional<PresenceChange> change) {
  if (!change) return;
  HubCounts& counts = probe_.count();
  const ClientId client = change->member->profile.client;
  switch (change->event) {
    case PresenceEvent::Join:
      ++counts.presence_joins;
      ++counts.presence_members;
      index(channel, client);
      break;
    case PresenceEvent::Leave:
      ++counts.presence_leaves;
      --counts.presence_members;
      unindex(channel, client);
      break;
    case PresenceEvent::Update:
      ++counts.presence_updates;
      break;
  }
  tell_(make_presence_publication(channel.name, std::move(*change), clock_.now()));
  if (channel.roster.is_empty()) channels_.erase(channels_.find(channel.name));
}

void Rosters::index(const Channel& channel, ClientId client) {
  by_client_[client].push_back(&channel);
}

void Rosters::unindex(const Channel& channel, ClientId client) {
  const auto found = by_client_.find(client);
  std::erase(found->second, &channel);
  if (found->second.empty()) by_client_.erase(found);
}

void Rosters::watch_end(Channel& channel, ClientId client) {
  const auto end = channel.roster.end_of(client);
  if (end && channel.roster.begin_watch(client)) deadlines_.push({*end, channel.name, client});
}

void Rosters::on_time() {
  const Timestamp now = clock_.now();
  for (std::size_t step = 0; step < limits::kExpiriesPerStep && !deadlines_.empty(); ++step) {
    if (deadlines_.top().time > now) return;
    const Deadline due = deadlines_.top();
    deadlines_.pop();
    Channel* const channel = find(due.channel);
    if (channel == nullptr) continue;
    channel->roster.end_watch(due.client);
    auto change = channel->roster.expire(due.client, now);
    watch_end(*channel, due.client);
    on_change(*channel, std::move(change));
  }
}

}  // namespace carillon::hub
