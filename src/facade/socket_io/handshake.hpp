// What a client said when it came, kept small: the maps that an application sees are made for one
// that asks.
#pragma once

#include <cstdint>
#include <string>

#include "carillon/socket_io_emitter.hpp"
#include "transport/common/request.hpp"

namespace carillon::facade {

class SocketIoHandshake {
 public:
  explicit SocketIoHandshake(const transport::Request& request);

  /// `auth`: of one Socket.IO namespace; empty: none.
  socket_io::Handshake unfold(std::string_view auth) const;

 private:
  /// The address, the target, and names and values of all fields, each with a NUL behind it: none
  /// of them has one in it.
  std::string text_;
  std::int64_t issued_ms_;  // since 1970
  bool xdomain_;
  bool secure_;
};

}  // namespace carillon::facade
