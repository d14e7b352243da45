// What is spoken behind an address: from the first octets of a connection to what serves it.
#pragma once

#include <cstdint>
#include <memory>

#include "net/stream_handler.hpp"
#include "server/config.hpp"
#include "server/config_listen.hpp"
#include "server/shard.hpp"

namespace carillon::server {

enum class Audience : std::uint8_t { Public, Admin, Redirect, Turn };
/// Forwarded: a PROXY header comes first.
enum class Opening : std::uint8_t { Direct, Forwarded };

struct Entrance {
  Audience audience = Audience::Public;
  Opening opening = Opening::Direct;
  Security security = Security::Plain;
};

using ConnectionFactory = std::shared_ptr<const net::HandlerFactory>;

/// Makes the handlers of its connections. `shards` outlive them.
ConnectionFactory open_entrance(const Entrance& entrance, const Shards& shards, H2c h2c);

}  // namespace carillon::server
