#include "facade/socket_io/namespace.hpp"

#include <stdexcept>
#include <utility>

#include "facade/socket_io/io.hpp"

namespace carillon::facade {
namespace {

void require_not_begun(const SocketIo& io) {
  if (io.has_begun()) {
    throw std::logic_error("handlers of a Socket.IO namespace are set before the server runs");
  }
}

}  // namespace

socket_io::Namespace& SocketIoNamespace::use(socket_io::Middleware middleware) {
  require_not_begun(io_);
  middlewares_.push_back(std::move(middleware));
  return *this;
}

socket_io::Namespace& SocketIoNamespace::on_connection(socket_io::ConnectionListener listener) {
  require_not_begun(io_);
  connection_listeners_.push_back(std::move(listener));
  return *this;
}

}  // namespace carillon::facade
