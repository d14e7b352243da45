// The public values that name clients, over what serves them.
#include "carillon/socket_io_emitter.hpp"

#include "facade/socket_io/io.hpp"

namespace carillon::socket_io {

Emitter Emitter::to(std::string_view room) const {
  Emitter narrowed = *this;
  narrowed.rooms_.emplace_back(room);
  return narrowed;
}

Emitter Emitter::except(std::string_view room) const {
  Emitter narrowed = *this;
  narrowed.except_.emplace_back(room);
  return narrowed;
}

Emitter Emitter::volatile_() const {
  Emitter changed = *this;
  changed.is_volatile_ = true;
  return changed;
}

Emitter Emitter::timeout(std::chrono::milliseconds time) const {
  Emitter changed = *this;
  changed.timeout_ = time;
  return changed;
}

bool Emitter::emit(std::string_view event, const Arguments& arguments) const {
  return io_->emit(*this, event, arguments);
}

void Emitter::emit_with_ack(std::string_view event, const Arguments& arguments,
                            std::function<void(const Replies&)> done) const {
  io_->emit_with_ack(*this, event, arguments, std::move(done));
}

void Emitter::fetch_sockets(std::function<void(std::vector<RemoteSocket>)> done) const {
  io_->fetch_sockets(*this, std::move(done));
}

void Emitter::sockets_join(std::string_view room) const {
  io_->sockets_join(*this, std::string(room));
}

void Emitter::sockets_leave(std::string_view room) const {
  io_->sockets_leave(*this, std::string(room));
}

void Emitter::disconnect_sockets(bool close) const {
  io_->disconnect_sockets(*this, close);
}

void Ack::operator()(const Arguments& arguments) const {
  if (state_ == nullptr || state_->is_given.test_and_set()) return;
  state_->io.answer(*state_, facade::payload_of(arguments));
}

void Next::operator()() const {
  if (state_->is_called.test_and_set()) return;
  state_->io.run_at(state_->place, [state = state_](facade::ApplicationSocket& socket) {
    state->decided(socket, nullptr);
  });
}

void Next::operator()(const ConnectError& error) const {
  if (state_->is_called.test_and_set()) return;
  state_->io.run_at(state_->place, [state = state_, error](facade::ApplicationSocket& socket) {
    state->decided(socket, &error);
  });
}

}  // namespace carillon::socket_io
