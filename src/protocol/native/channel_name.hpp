// Channel names: what one may look like, and which namespace's settings it gets.
#pragma once

#include <cstddef>

#include "core/bytes.hpp"

namespace carillon::native {

constexpr std::size_t kMaxChannelNameBytes = 128;
/// The channel of an HTTP request that names none.
constexpr Bytes kDefaultChannel = "default";

/// Each client has a channel of its own there, by its id: what is in it are signals.
constexpr Bytes kClientNamespace = "client";

/// 1–128 octets of `[A-Za-z0-9_.:/@|+=~!-]`.
bool is_channel_name(Bytes name);

/// The part before the first `:`, empty when there is none.
/// Lifetime: a view into `name`.
Bytes channel_namespace(Bytes name);

/// Whether that is the channel of a client.
bool is_client_channel(Bytes name);

}  // namespace carillon::native
