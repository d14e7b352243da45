#include "transport/turn/relay_socket.hpp"

namespace carillon::transport {

void RelaySocket::on_ready(std::uint32_t /*events*/) {
  ready_.push_back(handle);
}

}  // namespace carillon::transport
