// The limits at work: every transport asks here before it does something for a client.
// What a back end does with its API key is not limited.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "access/rate.hpp"
#include "core/bytes.hpp"
#include "core/result.hpp"
#include "net/address.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/limit.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/request.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

/// How long a client that is cut for its breaches is told to stay away.
inline constexpr std::chrono::milliseconds kBreachWait{10'000};

/// What one endpoint that stays has used up; endpoints of single requests have none.
struct Spending {
  access::RateBucket messages;
  access::RateBucket bytes;
  access::RateBucket subscribes;
  access::RateBucket history_reads;
  access::RateBucket presence_updates;
  access::RateBucket signals;
  access::RateBucket breaches;
  /// It was told too often and is to be cut.
  bool is_over = false;
};

/// Whom requests of this client are counted for; empty where no limit of an address holds.
access::LimitKey limited_address(const Worker& worker, const access::Requester& requester);

/// Nobody knows which client that is: it came through a proxy that did not say.
bool is_unknown(const access::Requester& requester);

/// Errors, of all of these: RateLimited with the time to wait.
/// For each request that comes in, before anything is done for it.
Result<void, Problem> admit_request(Worker& worker, const Request& request);
/// For each message of an endpoint that stays, and each publication or read by a request.
Result<void, Problem> admit_message(Worker& worker, const Caller& caller, std::size_t bytes);
/// For each publication besides: of the user, and into the channel.
Result<void, Problem> admit_publication(Worker& worker, const Caller& caller, Bytes channel,
                                        std::size_t bytes);
Result<void, Problem> admit_subscribe(Worker& worker, const Caller& caller);
Result<void, Problem> admit_history_read(Worker& worker, const Caller& caller);
Result<void, Problem> admit_presence_update(Worker& worker, const Caller& caller);
Result<void, Problem> admit_signal(Worker& worker, const Caller& caller);

/// A place among a user's and a proxied address's connections, for as long as it lives.
class Seat {
 public:
  Seat(SharedLimits& limits, access::LimitKey user, access::LimitKey address)
      : limits_(limits), user_(user), address_(address) {}
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;
  ~Seat();

  /// Takes over the user's place of `other`, which has no other; this one has none yet.
  void name_as(Seat& other);

 private:
  SharedLimits& limits_;
  access::LimitKey user_;
  access::LimitKey address_;
};

enum class Comes : std::uint8_t {
  Anew,   // an endpoint opens
  Again,  // one comes back as its transport has it: a long poll
  Named,  // one that is there says who it is: its address has its place already
};

/// For an endpoint that stays. Null where nothing is limited for it.
/// Errors: TooManyConnections, RateLimited.
Result<std::unique_ptr<Seat>, Problem> take_seat(Worker& worker, const Caller& caller, Comes comes);

/// Who tells of a newcomer: its socket, or a PROXY header over a socket that has been let in.
enum class Told : std::uint8_t { BySocket, ByHeader };

/// Whether a connection from there may come in, before anything of it is read. What is counted is
/// marked in `peer`, and leave_door() is to be called when it has gone.
bool enter_door(Worker& worker, net::PeerAddress& peer, Told told);
void leave_door(SharedLimits& limits, const net::PeerAddress& peer);

}  // namespace carillon::transport
