#include "net/tls_opening.hpp"

#include <utility>

#include "net/reactor.hpp"
#include "net/tls_entrance.hpp"
#include "net/tls_stage.hpp"

namespace carillon::net {
namespace {

/// A TLS record begins with its content type, of which none is a letter (RFC 8446 §5.1); an HTTP
/// request with its method.
bool begins_as_http(std::span<const char> received) {
  return received.front() >= 'A' && received.front() <= 'Z';
}

}  // namespace

TlsOpening::TlsOpening(TlsEntrance& entrance, Stream& stream,
                       std::shared_ptr<const HandlerFactory> next)
    : entrance_(entrance),
      stream_(stream),
      next_(std::move(next)),
      place_(entrance.openings().insert(this)) {}

TlsOpening::~TlsOpening() {
  entrance_.openings().erase(place_);
}

void TlsOpening::on_bytes(std::span<char> received) {
  if (begins_as_http(received)) {
    stream_.reactor().probe().met_plain_peer();
    stream_.send(Bytes(entrance_.plain_answer()));
    return stream_.close();
  }
  stream_.start_tls(std::make_unique<TlsStage>(entrance_.context()), received);
}

void TlsOpening::on_secured() {
  entrance_.openings().erase(std::exchange(place_, {}));
  stream_.set_deadline(std::nullopt);
  std::unique_ptr<StreamHandler> handler = (*next_)(stream_);
  if (!handler) return stream_.abort();
  stream_.replace_handler(std::move(handler));
}

void TlsOpening::on_deadline() {
  stream_.reactor().probe().cut_handshake();
  stream_.abort();
}

void TlsOpening::hurry(Duration longest) {
  if (stream_.open()) stream_.set_deadline(stream_.reactor().now() + longest);
}

}  // namespace carillon::net
