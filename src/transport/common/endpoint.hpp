// What a client holds open, as a back end sees it: whose it is, what it hears, and how to end it.
#pragma once

#include <cstdint>
#include <vector>

#include "access/permissions.hpp"
#include "core/bytes.hpp"
#include "core/time.hpp"
#include "hub/client_id.hpp"
#include "protocol/native/problem_code.hpp"
#include "transport/common/probe.hpp"

namespace carillon::transport {

/// When an endpoint was opened, kept small: seconds since 1970.
inline std::uint32_t seconds_of(Timestamp timestamp) {
  return static_cast<std::uint32_t>(timestamp.microseconds / 1'000'000);
}
inline Timestamp timestamp_of(std::uint32_t seconds) {
  return {std::int64_t{seconds} * 1'000'000};
}

/// It is found by the tables of what owns it (Drainable, Exchange), so that it costs no entry
/// there. Thread: its reactor's.
class Endpoint {
 public:
  virtual TransportKind transport() const = 0;
  virtual const access::Identity& identity() const = 0;
  /// Nobody, where it names no session.
  virtual hub::ClientId client() const = 0;
  /// To the second.
  virtual Timestamp opened_at() const = 0;
  /// What it hears. Lifetime: views, until the next call.
  virtual std::vector<Bytes> channels() const = 0;

  /// Tells the client why, where its transport can, and ends it.
  /// Lifetime: it may be gone afterwards.
  virtual void expel(native::ProblemCode code, bool reconnect) = 0;

  /// Whether the channel was added, or taken away: not where the request has said for good which
  /// channels it is for.
  virtual bool add_channel(Bytes /*channel*/) { return false; }
  virtual bool remove_channel(Bytes /*channel*/) { return false; }

 protected:
  ~Endpoint() = default;
};

}  // namespace carillon::transport
