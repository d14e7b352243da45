#include "hub/roster.hpp"

#include <algorithm>
#include <utility>

namespace carillon::hub {

std::optional<PresenceChange> Roster::enter(ReactorIndex from, const PresenceProfile& profile,
                                            Timestamp now) {
  auto told = let_in(profile, now);
  Entry& entry = members_.at(profile.client);
  const auto holder = static_cast<std::uint32_t>(from);
  if (std::ranges::find(entry.holders, holder) == entry.holders.end()) {
    entry.holders.push_back(holder);
  }
  entry.lost_until = {};
  return told;
}

std::optional<PresenceChange> Roster::touch(const PresenceProfile& profile, Timestamp until,
                                            Timestamp now) {
  auto told = let_in(profile, now);
  Entry& entry = members_.at(profile.client);
  entry.polls_until = std::max(entry.polls_until, until);
  return told;
}

std::optional<PresenceChange> Roster::let_in(const PresenceProfile& profile, Timestamp now) {
  const auto [found, is_new] = members_.try_emplace(profile.client);
  Entry& entry = found->second;
  if (is_new) {
    count_user(profile.user);
    entry.member = std::make_shared<const PresenceMember>(profile, std::string{}, now);
    return change(PresenceEvent::Join, entry.member);
  }
  const PresenceMember& before = *entry.member;
  if (before.profile.user == profile.user && before.profile.info == profile.info) {
    return std::nullopt;
  }
  count_user(profile.user);
  discount_user(before.profile.user);
  entry.member = std::make_shared<const PresenceMember>(profile, before.data, before.since);
  return change(PresenceEvent::Update, entry.member);
}

std::optional<PresenceChange> Roster::leave(ReactorIndex from, const PresenceNotice& notice,
                                            Timestamp now) {
  const auto found = members_.find(notice.profile.client);
  if (found == members_.end()) return std::nullopt;
  Entry& entry = found->second;
  std::erase(entry.holders, static_cast<std::uint32_t>(from));
  if (notice.cause == LeaveCause::Lost && entry.holders.empty()) {
    entry.lost_until = std::max(entry.lost_until, notice.until);
  }
  if (!entry.holders.empty() || entry.end() > now) return std::nullopt;
  return remove(found, notice.cause);
}

std::optional<PresenceChange> Roster::set_data(ClientId client, std::string data) {
  const auto found = members_.find(client);
  if (found == members_.end() || found->second.member->data == data) return std::nullopt;
  const PresenceMember& before = *found->second.member;
  found->second.member =
      std::make_shared<const PresenceMember>(before.profile, std::move(data), before.since);
  return change(PresenceEvent::Update, found->second.member);
}

std::optional<PresenceChange> Roster::expire(ClientId client, Timestamp now) {
  const auto end = end_of(client);
  if (!end || *end > now) return std::nullopt;
  return remove(members_.find(client), LeaveCause::Lost);
}

std::optional<Timestamp> Roster::end_of(ClientId client) const {
  const auto found = members_.find(client);
  if (found == members_.end() || !found->second.holders.empty()) return std::nullopt;
  return found->second.end();
}

bool Roster::begin_watch(ClientId client) {
  const auto found = members_.find(client);
  return found != members_.end() && !std::exchange(found->second.is_watched, true);
}

void Roster::end_watch(ClientId client) {
  const auto found = members_.find(client);
  if (found != members_.end()) found->second.is_watched = false;
}

PresencePage Roster::page(ClientId after, std::size_t limit) const {
  PresencePage page{.members = {},
                    .counts = {.clients = members_.size(), .users = users_.size()},
                    .version = version_};
  auto next = after ? members_.upper_bound(after) : members_.begin();
  for (; next != members_.end() && page.members.size() < limit; ++next) {
    page.members.push_back(next->second.member);
  }
  page.at_end = next == members_.end();
  return page;
}

PresenceChange Roster::remove(Members::iterator entry, LeaveCause cause) {
  PresenceMemberPtr member = std::move(entry->second.member);
  discount_user(member->profile.user);
  members_.erase(entry);
  PresenceChange left = change(PresenceEvent::Leave, std::move(member));
  left.cause = cause;
  return left;
}

PresenceChange Roster::change(PresenceEvent event, PresenceMemberPtr member) {
  return {.event = event,
          .member = std::move(member),
          .counts = {.clients = members_.size(), .users = users_.size()},
          .version = ++version_};
}

void Roster::count_user(const std::string& user) {
  if (!user.empty()) ++users_[user];
}

void Roster::discount_user(const std::string& user) {
  const auto found = users_.find(user);
  if (found != users_.end() && --found->second == 0) users_.erase(found);
}

}  // namespace carillon::hub
