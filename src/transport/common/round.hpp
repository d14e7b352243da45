// One question to every reactor, and their answers together: how back ends reach clients, wherever
// those are.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "net/reactor.hpp"
#include "transport/common/endpoint.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

/// Runs `ask(Worker&)` on each reactor, and then `done(std::vector<Answer>)`, by reactor index, on
/// the one that asks. `ask` is copied and used from all of them at once; `done` captures ids and
/// plain values. They travel by the control queue: they are few, and none may be lost.
/// False, and nothing is asked: kMostRounds are under way.
template <class Answer, class Ask, class Done>
[[nodiscard]] bool ask_all_reactors(Worker& asker, Ask ask, Done done) {
  if (!asker.begin_round()) return false;
  struct Round {
    std::vector<Answer> answers;
    std::size_t missing;
    Done done;
  };
  const std::size_t count = asker.workers().size();
  auto round = std::make_shared<Round>(std::vector<Answer>(count), count, std::move(done));
  for (std::size_t index = 0; index < count; ++index) {
    Worker& there = *asker.workers()[index];
    there.reactor().post_control([&asker, &there, index, ask, round]() mutable {
      auto answer = ask(there);
      asker.reactor().post_control(
          [&asker, index, round = std::move(round), answer = std::move(answer)]() mutable {
            round->answers[index] = std::move(answer);
            if (--round->missing > 0) return;
            asker.end_round();
            round->done(std::move(round->answers));
          });
    });
  }
  return true;
}

/// Where an endpoint is on its reactor, as long as it is open.
struct EndpointPlace {
  enum class Table : std::uint8_t { Drainables, Exchanges };
  Table table = Table::Drainables;
  std::uint32_t slot = 0;
  auto operator<=>(const EndpointPlace&) const = default;
};

/// Calls `visit(EndpointPlace, Endpoint&)` for whatever clients hold open on this reactor, by
/// rising places; it may end any.
template <class Visit>
void for_each_endpoint(Worker& worker, Visit visit) {
  using Table = EndpointPlace::Table;
  worker.drainables().for_each([&](Handle handle, Drainable* drainable) {
    Endpoint* const endpoint = drainable->endpoint();
    if (endpoint != nullptr) visit(EndpointPlace{Table::Drainables, handle.slot}, *endpoint);
  });
  worker.exchanges().for_each([&](Handle handle, Exchange* exchange) {
    Responder* const responder = exchange->responder();
    Endpoint* const endpoint = responder == nullptr ? nullptr : responder->endpoint();
    if (endpoint != nullptr) visit(EndpointPlace{Table::Exchanges, handle.slot}, *endpoint);
  });
}

}  // namespace carillon::transport
