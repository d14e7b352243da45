// Who holds a session: the newest endpoint that named it, on whichever reactor that is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/result.hpp"
#include "hub/client_id.hpp"
#include "hub/courier.hpp"
#include "hub/error.hpp"
#include "hub/peers.hpp"

namespace carillon::hub {

/// An endpoint that holds a session.
class SessionHolder {
 public:
  /// A newer endpoint holds the session now; this one has been released. It may claim, release
  /// and destroy itself here.
  virtual void on_replaced(ClientId client) = 0;

 protected:
  ~SessionHolder() = default;
};

/// One per reactor. Each session has a home, `id % reactor_count`, where claims are put in order;
/// that is the reactor that made the id, so that a session which stays there costs no message.
/// Thread: its reactor's; other reactors send it tasks.
class SessionDirectory {
 public:
  /// Lifetime: both outlive the directory.
  SessionDirectory(Courier& courier, const Peers& peers);
  SessionDirectory(const SessionDirectory&) = delete;
  SessionDirectory& operator=(const SessionDirectory&) = delete;

  /// A fresh id, at home here.
  ClientId make_client_id() const;

  /// From now on `holder` holds the session; who held it before hears `on_replaced`, here at once
  /// (before this returns) and elsewhere soon. The id need not be known. Claiming what one holds
  /// changes nothing.
  /// Errors: Unavailable when the session's home cannot be told; nothing has changed then.
  /// Lifetime: the holder releases the session before it is destroyed.
  Result<void, BrokerError> claim(ClientId client, SessionHolder& holder);

  /// Quiet when it does not hold the session.
  void release(ClientId client, const SessionHolder& holder);

  /// Sends again what a full mailbox refused. Called about every limits::kTimeStep.
  void on_time();

  /// Sessions held here.
  std::size_t session_count() const;

 private:
  /// A session at home here, held here: the usual case, kept small.
  using HeldAtHome = std::unordered_map<ClientId, SessionHolder*>;
  /// Claims are numbered by the reactor that makes them, so that news of an older one that was
  /// under way is not taken for news of a newer.
  struct Visit {
    SessionHolder* holder = nullptr;
    std::uint64_t claim = 0;
  };
  struct Away {
    ReactorIndex reactor = 0;
    std::uint64_t claim = 0;
  };
  struct Notice {
    enum class Kind : std::uint8_t { Replaced, Released };
    Kind kind;
    ReactorIndex to;
    ClientId client;
    std::uint64_t claim;
  };

  ReactorIndex home_of(ClientId client) const { return client.value % courier_.reactor_count(); }
  Result<void, BrokerError> claim_elsewhere(ClientId client, SessionHolder& holder);
  void on_claim(ReactorIndex from, ClientId client, std::uint64_t claim);
  void on_release(ReactorIndex from, ClientId client, std::uint64_t claim);
  void on_replaced(ClientId client, std::uint64_t claim);
  void replace_away(ClientId client);
  void send(Notice notice);
  bool try_send(const Notice& notice);

  Courier& courier_;
  const Peers& peers_;
  HeldAtHome held_;
  std::unordered_map<ClientId, Visit> visiting_;  // held here, at home elsewhere
  std::unordered_map<ClientId, Away> away_;       // at home here, held elsewhere
  std::vector<Notice> refused_;  // at most one per session that changed hands meanwhile
  std::uint64_t last_claim_ = 0;
};

}  // namespace carillon::hub
