// The addresses of back ends, as one reactor remembers them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "backend/lookups.hpp"
#include "core/slot_table.hpp"
#include "core/time.hpp"
#include "net/reactor.hpp"
#include "outgoing/resolver.hpp"

namespace carillon::backend {

/// An address that is known is given at once, and asked for again behind the caller's back when it
/// is old; where that fails the old one stays. So a resolver that is down harms nobody who has been
/// found once.
/// Thread:   its reactor's.
/// Lifetime: reactor and lookups outlive it; destroyed when the reactor has stopped.
class NameCache final : public outgoing::Resolver {
 public:
  NameCache(net::Reactor& reactor, Lookups& lookups) : reactor_(reactor), lookups_(lookups) {}

  Handle resolve(const std::string& host, std::uint16_t port, Done done) override;
  void cancel(Handle question) override { questions_.erase(question); }

 private:
  struct Entry {
    std::vector<net::Address> addresses;
    TimePoint good_until;
    bool asking = false;
    std::vector<Handle> waiting;
  };
  struct Question {
    std::uint16_t port = 0;
    Done done;
  };

  void look_up(const std::string& host, Entry& entry);
  void on_answer(const std::string& host, Lookups::Answer answer);
  void make_room();

  net::Reactor& reactor_;
  Lookups& lookups_;
  std::map<std::string, Entry> entries_;
  SlotTable<Question> questions_;
};

}  // namespace carillon::backend
