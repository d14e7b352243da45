// Payloads of version 3: the length of each packet stands before it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "protocol/engineio/packet.hpp"

namespace carillon::engineio {

/// A packet as it lies in a payload.
struct CountedPiece {
  DataKind kind = DataKind::Text;
  Bytes data;
};

/// Takes `length:packet` from the front of `rest`, where the length counts UTF-16 code units.
/// Empty: that is none; `rest` is as it was.
/// Source: Engine.IO protocol v3, "Payload" (text), and what JavaScript counts.
std::optional<CountedPiece> take_counted_text(Bytes& rest);

/// Takes from the front of `rest`: an octet 0 (text) or 1 (binary), the decimal digits of the
/// length as octets 0 to 9, an octet 255, and so many octets.
/// Source: Engine.IO protocol v3, "Payload" (binary).
std::optional<CountedPiece> take_counted_octets(Bytes& rest);

/// The body of a response to a client of version 3.
struct CountedPayload {
  std::string body;
  DataKind kind = DataKind::Text;
};

/// The same packets as in a payload of version 4. They are octets where one of them is binary,
/// unless the client takes text only.
CountedPayload to_counted(Bytes payload, bool text_only);

}  // namespace carillon::engineio
