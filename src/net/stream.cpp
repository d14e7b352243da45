#include "net/stream.hpp"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>

#include "core/check.hpp"
#include "core/log.hpp"
#include "net/reactor.hpp"
#include "net/tls_stage.hpp"

namespace carillon::net {
namespace {

/// The kernel has no room now; the stream itself is well.
bool is_congestion(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS || error == ENOMEM;
}

void make_close_reset(int fd) {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

}  // namespace

Stream::Stream(Reactor& reactor, UniqueFd socket, const PeerAddress& peer)
    : reactor_(reactor), socket_(std::move(socket)), peer_(peer) {}

Stream::~Stream() {
  const auto& on_gone = reactor_.options().on_counted_gone;
  if (peer_.is_counted() && on_gone) on_gone(peer_);
}

PeerAddress Stream::local() const {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  if (::getsockname(socket_.get(), address, &size) != 0) return {};
  return PeerAddress::from(address, size);
}

std::optional<WireCounts> Stream::wire_counts() const {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket_.get(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
  return WireCounts{.received = info.tcpi_bytes_received,
                    .sent = info.tcpi_bytes_sent - info.tcpi_bytes_retrans};
}

// --- The owner's side -------------------------------------------------------------------------

void Stream::send(SharedBytes segment) {
  if (!open() || send_failed_ || segment.empty()) return;
  queue().outbox.append(std::move(segment));
  mark_dirty();
}

void Stream::send(Bytes piece) {
  if (!open() || send_failed_ || piece.empty()) return;
  queue().outbox.append(piece);
  mark_dirty();
}

std::size_t Stream::outbox_bytes() const {
  return queue_ ? queue_->byte_count() : 0;
}

void Stream::pause_reading() {
  if (paused_) return;
  paused_ = true;
  mark_changed();
}

void Stream::resume_reading() {
  if (!paused_) return;
  paused_ = false;
  mark_changed();
}

void Stream::set_deadline(std::optional<TimePoint> deadline) {
  if (!open()) return;
  if (deadline) {
    reactor_.timers().set(*this, *deadline);
  } else {
    reactor_.timers().cancel(*this);
  }
}

void Stream::close() {
  if (!open()) return;
  state_ = State::Flushing;
  reactor_.timers().cancel(*this);
  reactor_.streams_.retire(std::move(handler_));
  if (tls_) queue();  // its last record says that this is the end
  mark_changed();     // what the peer still sends is read and thrown away
  mark_dirty();
}

void Stream::abort() {
  finish(CloseCause::Local, Parting::WithReset);
}

std::optional<DetachedStream> Stream::detach() {
  if (!open() || queue_ || send_failed_ || input_ended_) return std::nullopt;
  if (watched_) unwatch();
  DetachedStream detached(reactor_.options(), std::move(socket_), std::exchange(peer_, {}),
                          std::move(tls_));
  finish(CloseCause::Moved, Parting::Orderly);
  return detached;
}

void Stream::replace_handler(std::unique_ptr<StreamHandler> handler) {
  if (!open()) return reactor_.streams_.retire(std::move(handler));
  reactor_.streams_.retire(std::exchange(handler_, std::move(handler)));
}

StreamHandler& Stream::handler() const {
  CARILLON_CHECK(handler_ != nullptr);
  return *handler_;
}

// --- Input ------------------------------------------------------------------------------------

bool Stream::wants_input() const {
  return state_ != State::Gone && !input_ended_ && !(open() && paused_);
}

void Stream::on_ready(std::uint32_t events) {
  if ((events & EPOLLOUT) != 0) {
    retry_ = true;
    mark_dirty();
  }
  if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) == 0) return;
  if (wants_input()) {
    reactor_.receiver_.add(handle_);
  } else if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
    on_broken_without_input(events);
  }
}

/// Epoll tells of a broken socket whether asked or not, at every wait.
void Stream::on_broken_without_input(std::uint32_t events) {
  if (input_ended_) return lose(CloseCause::PeerClosed);
  if ((events & EPOLLERR) != 0) return lose(CloseCause::Reset);
  // A Unix peer has gone, but its last octets wait until reading is resumed.
  unwatch();
}

void Stream::on_receive_result(std::span<char> buffer, ssize_t result) {
  if (state_ == State::Gone) return;
  if (result == 0) return on_input_ended();
  if (result < 0) {
    if (!is_congestion(static_cast<int>(-result))) lose(CloseCause::Reset);
    return;
  }
  const auto size = static_cast<std::size_t>(result);
  reactor_.probe().received(size);
  if (!open()) return;
  if (tls_) return on_sealed_octets(buffer.first(size));
  call_handler([&](StreamHandler& handler) { handler.on_bytes(buffer.first(size)); });
}

void Stream::on_input_ended() {
  input_ended_ = true;
  if (send_failed_) return lose(CloseCause::Reset);
  if (state_ == State::Lingering) return finish(CloseCause::Local, Parting::Orderly);
  mark_changed();
  if (open()) call_handler([](StreamHandler& handler) { handler.on_end_of_input(); });
}

// --- TLS ----------------------------------------------------------------------------------------

void Stream::start_tls(std::unique_ptr<TlsStage> stage, std::span<char> received) {
  if (!open()) return;
  CARILLON_CHECK(!tls_ && !queue_);
  tls_ = std::move(stage);
  on_sealed_octets(received);
}

std::string_view Stream::application_protocol() const {
  return tls_ ? tls_->application_protocol() : std::string_view{};
}

std::string_view Stream::tls_error() const {
  return tls_ ? std::string_view(tls_->error()) : std::string_view{};
}

void Stream::on_sealed_octets(std::span<char> received) {
  TlsScratch& scratch = reactor_.receiver_.tls_scratch();
  const std::span<char> room(scratch.plain.get(), scratch.plain_bytes);
  const auto result = tls_->decrypt(Bytes(received.data(), received.size()), room, scratch.answer);
  answer_sealed(scratch.answer);
  if (result.handshake_completed && open()) {
    reactor_.probe().completed_handshake(tls_->resumed());
    call_handler([](StreamHandler& handler) { handler.on_secured(); });
  }
  if (result.plain_bytes > 0 && open()) {
    call_handler([&](StreamHandler& handler) { handler.on_bytes(room.first(result.plain_bytes)); });
  }
  if (result.end == TlsStage::End::Closed && state_ != State::Gone) on_input_ended();
  if (result.end == TlsStage::End::Failed) on_tls_failed();
}

/// What the stage says by itself; only a peer that never reads lets it grow.
void Stream::answer_sealed(Bytes answer) {
  if (answer.empty() || send_failed_) return;
  queue().sealed().append(answer);
  if (queue_->sealed_bytes() > limits::kMostSealedBytes) {
    return lose(CloseCause::WriteTimeout, Parting::WithReset);
  }
  mark_dirty();
}

/// The peer gets the alert that tells it why; the owner hears that the connection broke.
void Stream::on_tls_failed() {
  if (!open()) return;
  reactor_.probe().failed_tls();
  log::debug("TLS with {} failed: {}", peer_.to_text(), tls_->error());
  StreamHandler* const handler = handler_.get();
  if (queue_) queue_->outbox.clear();
  close();  // it retires the handler, which lives on until the end of the tick
  if (handler != nullptr) {
    reactor_.guarded("on_closed", [&] { handler->on_closed(CloseCause::Reset); });
  }
}

// --- Output -----------------------------------------------------------------------------------

bool Stream::wants_send() const {
  return state_ != State::Gone && queue_ != nullptr && (!congested_ || retry_);
}

/// Nothing is called back here: see Flusher::flush_slice.
std::size_t Stream::gather(std::span<iovec> pieces) {
  if (!tls_) return queue_->outbox.gather(pieces);
  if (!queue_->seal(*tls_)) queue_->outbox.clear();
  if (state_ == State::Flushing && queue_->outbox.empty()) tls_->end(queue_->sealed());
  return queue_->gather_sealed(pieces);
}

SendQueue& Stream::queue() {
  if (!queue_) queue_ = reactor_.flusher_.queues().take(*this);
  return *queue_;
}

void Stream::drop_queue() {
  congested_ = false;
  retry_ = false;
  if (!queue_) return;
  reactor_.timers().cancel(*queue_);
  reactor_.flusher_.queues().give_back(std::move(queue_));
}

void Stream::mark_dirty() {
  if (dirty_ || (congested_ && !retry_)) return;  // a congested one waits for EPOLLOUT
  dirty_ = true;
  reactor_.flusher_.add(handle_);
}

void Stream::on_send_result(ssize_t result, std::size_t offered) {
  if (state_ == State::Gone) return;
  retry_ = false;
  if (result < 0) {
    const auto error = static_cast<int>(-result);
    return is_congestion(error) ? on_congestion(false) : on_send_failed(error);
  }
  const auto size = static_cast<std::size_t>(result);
  reactor_.probe().sent(size);
  if (tls_) {
    queue_->consume_sealed(size);
  } else {
    queue_->outbox.consume(size);
  }
  if (queue_->empty()) return on_outbox_empty();
  if (congested_ || size < offered) return on_congestion(size > 0);
  mark_dirty();  // the kernel took all it was offered: the rest goes in the next slice
}

void Stream::on_congestion(bool progress) {
  if (!congested_) reactor_.probe().found_congestion();
  if (!congested_ || progress) {
    reactor_.timers().set(*queue_, reactor_.now() + reactor_.options().write_time_limit);
  }
  congested_ = true;
  update_interest();
}

void Stream::on_outbox_empty() {
  const bool was_congested = congested_;
  drop_queue();
  if (state_ == State::Flushing) return linger();
  if (!was_congested) return;
  update_interest();
  if (open()) call_handler([](StreamHandler& handler) { handler.on_drained(); });
}

void Stream::on_nothing_to_send() {
  if (state_ == State::Flushing && !queue_) linger();
}

/// The peer is gone, but what it sent before may still wait to be read: its reader finds the end.
void Stream::on_send_failed(int error) {
  drop_queue();
  const bool end_will_be_read = open() && wants_input() && (error == EPIPE || error == ECONNRESET);
  if (!end_will_be_read) return lose(input_ended_ ? CloseCause::PeerClosed : CloseCause::Reset);
  send_failed_ = true;
  update_interest();
}

void Stream::on_write_limit() {
  lose(CloseCause::WriteTimeout, Parting::WithReset);
}

// --- Interest, time, the end ------------------------------------------------------------------

std::uint32_t Stream::wanted_events() const {
  return (wants_input() ? EPOLLIN : 0U) | (congested_ ? EPOLLOUT : 0U);
}

void Stream::mark_changed() {
  if (changed_ || state_ == State::Gone) return;
  changed_ = true;
  reactor_.flusher_.add_changed(handle_);
}

void Stream::update_interest() {
  if (state_ == State::Gone) return;
  const std::uint32_t wanted = wanted_events();
  if (watched_ ? wanted == watched_events_ : wanted == 0) return;
  if (!watch(wanted)) lose(CloseCause::Reset);
}

bool Stream::watch(std::uint32_t events) {
  const PollKey key{.table = PollKey::Table::Streams, .handle = handle_};
  const bool done = watched_ ? reactor_.poller_.change(socket_.get(), events, key)
                             : reactor_.poller_.add(socket_.get(), events, key);
  if (!done) return false;
  watched_ = true;
  watched_events_ = static_cast<std::uint8_t>(events);
  return true;
}

void Stream::unwatch() {
  reactor_.poller_.remove(socket_.get());
  watched_ = false;
  watched_events_ = 0;
}

void Stream::on_time() {
  if (state_ == State::Lingering) return finish(CloseCause::Local, Parting::Orderly);
  call_handler([](StreamHandler& handler) { handler.on_deadline(); });
}

/// Our side ends here. Were the descriptor closed while input waits or is still to come, the kernel
/// would send a reset, which can overtake our last octets on their way to the peer's reader.
void Stream::linger() {
  if (input_ended_ || ::shutdown(socket_.get(), SHUT_WR) != 0) {
    return finish(CloseCause::Local, Parting::Orderly);
  }
  state_ = State::Lingering;
  reactor_.timers().set(*this, reactor_.now() + reactor_.options().linger_time);
  update_interest();
}

void Stream::lose(CloseCause cause, Parting parting) {
  const bool was_open = open();
  const auto handler = handler_.get();
  finish(cause, parting);  // it retires the handler, which lives on until the end of the tick
  if (was_open && handler != nullptr) {
    reactor_.guarded("on_closed", [&] { handler->on_closed(cause); });
  }
}

void Stream::finish(CloseCause cause, Parting parting) {
  if (state_ == State::Gone) return;
  state_ = State::Gone;
  drop_queue();
  reactor_.timers().cancel(*this);
  if (parting == Parting::WithReset) make_close_reset(socket_.get());
  socket_.reset();
  reactor_.probe().closed_stream(cause);
  reactor_.streams_.retire(std::move(handler_));
  reactor_.streams_.retire(*this);
}

template <class Call>
void Stream::call_handler(Call call) {
  if (!handler_) return;
  StreamHandler& handler = *handler_;
  if (!reactor_.guarded("stream handler", [&] { call(handler); })) {
    finish(CloseCause::Exception, Parting::WithReset);
  }
}

}  // namespace carillon::net
