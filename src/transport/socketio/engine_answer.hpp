// An answer to one HTTP request of a session, and where it has to go.
#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.hpp"
#include "core/slot_table.hpp"
#include "protocol/engineio/dialect.hpp"
#include "protocol/engineio/refusal.hpp"
#include "transport/common/exchange.hpp"
#include "transport/socketio/engine_options.hpp"

namespace carillon::transport {

/// An exchange that waits for its answer, on whichever reactor it came in.
struct ExchangePlace {
  std::uint16_t reactor = 0;
  Handle exchange;
  bool operator==(const ExchangePlace&) const = default;
};

/// It may cross reactors, so it owns what it says.
struct EngineAnswer {
  int status = 200;
  Bytes media_type;  // a constant
  std::string body;
};

/// The packets that a poll was waiting for, in a payload of version 4, as its client reads them.
EngineAnswer payload_answer(std::string payload, const engineio::Dialect& dialect);
/// A POST was taken.
EngineAnswer taken_answer();
EngineAnswer refusal_answer(engineio::Refusal refusal);

/// Gives it, with the fields that every answer of the server has and those of its options.
void give_answer(Exchange& exchange, EngineAnswer answer, EngineAnswerTo what,
                 const EngineOptions& options);

/// Refuses a request that wants to become a WebSocket: in plain words, and for good.
void refuse_upgrade(Exchange& exchange, engineio::Refusal refusal);
/// The same as the whole text of an HTTP/1.1 answer.
std::string upgrade_refusal_text(engineio::Refusal refusal);

}  // namespace carillon::transport
