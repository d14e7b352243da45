// The first packet of a session: what the client must know of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/bytes.hpp"

namespace carillon::engineio {

/// How the packets of a session travel.
enum class Transport : std::uint8_t { Polling, WebSocket };

struct Opening {
  Bytes session_id;  // of `[A-Za-z0-9_-]`
  bool may_upgrade = false;
  std::chrono::milliseconds ping_interval{25'000};
  std::chrono::milliseconds ping_timeout{20'000};
  std::uint64_t max_payload_bytes = 1'000'000;
};

/// Appends `0{"sid":…,"upgrades":…,"pingInterval":…,"pingTimeout":…,"maxPayload":…}`, with these
/// members and no other. Source: Engine.IO protocol v4, "Handshake".
void append_open_packet(std::string& out, const Opening& opening);

}  // namespace carillon::engineio
