// The handlers of a Socket.IO namespace; constant once the server runs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "carillon/socket_io.hpp"

namespace carillon::facade {

class SocketIo;

class SocketIoNamespace final : public socket_io::Namespace {
 public:
  SocketIoNamespace(SocketIo& io, std::string_view name) : io_(io), name_(name) {}

  Namespace& use(socket_io::Middleware middleware) override;
  Namespace& on_connection(socket_io::ConnectionListener listener) override;
  socket_io::Emitter emitter() const override { return {io_, name_}; }

  /// Empty: of all that a matcher lets in.
  const std::string& name() const override { return name_; }
  const std::vector<socket_io::Middleware>& middlewares() const { return middlewares_; }
  const std::vector<socket_io::ConnectionListener>& connection_listeners() const {
    return connection_listeners_;
  }

 private:
  SocketIo& io_;
  const std::string name_;
  std::vector<socket_io::Middleware> middlewares_;
  std::vector<socket_io::ConnectionListener> connection_listeners_;
};

}  // namespace carillon::facade
