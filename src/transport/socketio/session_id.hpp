// The id of an Engine.IO session: it names the reactor of the session, so that any other can pass
// on what belongs there, and nobody can guess it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "core/slot_table.hpp"

namespace carillon::transport {

struct EngineSessionId {
  /// 80 bits: what makes an id unguessable.
  using Secret = std::array<char, 10>;

  std::uint16_t reactor = 0;
  Handle session;  // in the table there
  Secret secret{};

  bool operator==(const EngineSessionId&) const = default;
};

EngineSessionId::Secret random_secret();

/// 27 characters of `[A-Za-z0-9_-]`.
std::string to_text(const EngineSessionId& id);
/// Empty unless the text is exactly what `to_text` makes of some id.
std::optional<EngineSessionId> parse_session_id(Bytes text);

}  // namespace carillon::transport
