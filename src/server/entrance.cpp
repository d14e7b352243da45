#include "server/entrance.hpp"

#include <utility>

#include "transport/http1/connection.hpp"
#include "transport/http2/connection.hpp"
#include "transport/http2/preface_opening.hpp"
#include "transport/proxy_protocol/opening.hpp"
#include "transport/turn/connection.hpp"

namespace carillon::server {
namespace {

using Factory = ConnectionFactory;

transport::Worker& worker_of(Shard& shard, Audience audience) {
  return audience == Audience::Admin      ? shard.admin_worker()
         : audience == Audience::Redirect ? shard.redirect_worker()
                                          : shard.worker();
}

Factory http1_for(const Shards& shards, Audience audience) {
  return std::make_shared<const net::HandlerFactory>([&shards, audience](net::Stream& stream) {
    Shard& shard = *shards[stream.reactor().index()];
    return std::make_unique<transport::Http1Connection>(worker_of(shard, audience), stream);
  });
}

Factory http2_for(const Shards& shards, Audience audience) {
  return std::make_shared<const net::HandlerFactory>([&shards, audience](net::Stream& stream) {
    Shard& shard = *shards[stream.reactor().index()];
    return std::make_unique<transport::Http2Connection>(worker_of(shard, audience), stream,
                                                        shard.http2_turns());
  });
}

Factory turn_connections(const Shards& shards) {
  return std::make_shared<const net::HandlerFactory>([&shards](net::Stream& stream) {
    Shard& shard = *shards[stream.reactor().index()];
    return std::make_unique<transport::TurnConnection>(*shard.turn(), stream);
  });
}

/// With TLS the handshake has agreed on the protocol, without it the first octets tell.
Factory connections_for(const Entrance& entrance, const Shards& shards, H2c h2c) {
  const Audience audience = entrance.audience;
  if (audience == Audience::Turn) return turn_connections(shards);
  Factory http1 = http1_for(shards, audience);
  if (entrance.security == Security::Tls) {
    return std::make_shared<const net::HandlerFactory>(
        [http1, http2 = http2_for(shards, audience)](net::Stream& stream) {
          return (*(stream.application_protocol() == "h2" ? http2 : http1))(stream);
        });
  }
  if (h2c == H2c::Off) return http1;
  const transport::PrefaceChoice choice{.http2 = http2_for(shards, audience),
                                        .other = std::move(http1)};
  return std::make_shared<const net::HandlerFactory>([&shards, audience,
                                                      choice](net::Stream& stream) {
    Shard& shard = *shards[stream.reactor().index()];
    return std::make_unique<transport::PrefaceOpening>(worker_of(shard, audience), stream, choice);
  });
}

Factory behind_tls(const Shards& shards, Audience audience, Factory next) {
  return std::make_shared<const net::HandlerFactory>(
      [&shards, audience, next = std::move(next)](net::Stream& stream) {
        Shard& shard = *shards[stream.reactor().index()];
        net::TlsEntrance& entrance =
            audience == Audience::Turn ? shard.turn_tls_entrance() : shard.tls_entrance();
        return entrance.open(stream, next);
      });
}

Factory behind_proxy_header(const Shards& shards, Factory next) {
  return std::make_shared<const net::HandlerFactory>(
      [&shards, next = std::move(next)](net::Stream& stream) {
        return transport::open_forwarded(shards[stream.reactor().index()]->worker(), stream, next);
      });
}

}  // namespace

ConnectionFactory open_entrance(const Entrance& entrance, const Shards& shards, H2c h2c) {
  // What comes first on the wire is asked for last here.
  Factory make_connection = connections_for(entrance, shards, h2c);
  if (entrance.security == Security::Tls) {
    make_connection = behind_tls(shards, entrance.audience, std::move(make_connection));
  }
  if (entrance.opening == Opening::Forwarded) {
    make_connection = behind_proxy_header(shards, std::move(make_connection));
  }
  return make_connection;
}

}  // namespace carillon::server
