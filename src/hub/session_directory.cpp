#include "hub/session_directory.hpp"

#include <utility>

namespace carillon::hub {

SessionDirectory::SessionDirectory(Courier& courier, const Peers& peers)
    : courier_(courier), peers_(peers) {}

ClientId SessionDirectory::make_client_id() const {
  return ClientId::random(courier_.own(), courier_.reactor_count());
}

Result<void, BrokerError> SessionDirectory::claim(ClientId client, SessionHolder& holder) {
  if (home_of(client) != courier_.own()) return claim_elsewhere(client, holder);
  replace_away(client);
  SessionHolder* const older = std::exchange(held_[client], &holder);
  if (older != nullptr && older != &holder) older->on_replaced(client);
  return {};
}

Result<void, BrokerError> SessionDirectory::claim_elsewhere(ClientId client,
                                                            SessionHolder& holder) {
  const auto found = visiting_.find(client);
  SessionHolder* const older = found == visiting_.end() ? nullptr : found->second.holder;
  if (older == &holder) return {};
  const std::uint64_t claim = last_claim_ + 1;
  const ReactorIndex home = home_of(client);
  Task task = [directory = peers_.session_directories[home], from = courier_.own(), client, claim] {
    directory->on_claim(from, client, claim);
  };
  if (!courier_.try_post(home, task)) return std::unexpected(BrokerError::Unavailable);
  last_claim_ = claim;
  visiting_[client] = {&holder, claim};
  if (older != nullptr) older->on_replaced(client);
  return {};
}

void SessionDirectory::release(ClientId client, const SessionHolder& holder) {
  const ReactorIndex home = home_of(client);
  if (home == courier_.own()) {
    const auto found = held_.find(client);
    if (found != held_.end() && found->second == &holder) held_.erase(found);
    return;
  }
  const auto found = visiting_.find(client);
  if (found == visiting_.end() || found->second.holder != &holder) return;
  send({Notice::Kind::Released, home, client, found->second.claim});
  visiting_.erase(found);
}

void SessionDirectory::on_claim(ReactorIndex from, ClientId client, std::uint64_t claim) {
  const auto away = away_.find(client);
  // A reactor settles claims among its own endpoints itself.
  if (away == away_.end() || away->second.reactor != from) replace_away(client);
  away_[client] = {from, claim};
  const auto found = held_.find(client);
  if (found == held_.end()) return;
  SessionHolder* const older = found->second;
  held_.erase(found);
  older->on_replaced(client);
}

void SessionDirectory::on_release(ReactorIndex from, ClientId client, std::uint64_t claim) {
  const auto found = away_.find(client);
  if (found == away_.end()) return;
  if (found->second.reactor == from && found->second.claim == claim) away_.erase(found);
}

void SessionDirectory::on_replaced(ClientId client, std::uint64_t claim) {
  const auto found = visiting_.find(client);
  if (found == visiting_.end() || found->second.claim != claim) return;
  SessionHolder* const older = found->second.holder;
  visiting_.erase(found);
  older->on_replaced(client);
}

void SessionDirectory::replace_away(ClientId client) {
  const auto found = away_.find(client);
  if (found == away_.end()) return;
  const Away away = found->second;
  away_.erase(found);
  send({Notice::Kind::Replaced, away.reactor, client, away.claim});
}

void SessionDirectory::send(Notice notice) {
  if (!try_send(notice)) refused_.push_back(notice);
}

bool SessionDirectory::try_send(const Notice& notice) {
  SessionDirectory* const directory = peers_.session_directories[notice.to];
  Task task = [directory, from = courier_.own(), notice] {
    if (notice.kind == Notice::Kind::Replaced) {
      directory->on_replaced(notice.client, notice.claim);
    } else {
      directory->on_release(from, notice.client, notice.claim);
    }
  };
  return courier_.try_post(notice.to, task);
}

void SessionDirectory::on_time() {
  for (const Notice& notice : std::exchange(refused_, {})) send(notice);
}

std::size_t SessionDirectory::session_count() const {
  return held_.size() + visiting_.size();
}

}  // namespace carillon::hub
