// Which IoBatch the reactors use.
#pragma once

#include <cstdint>

#include "net/io_batch.hpp"

namespace carillon::net {

enum class IoChoice : std::uint8_t {
  Auto,   // io_uring where it can be used, else the loop
  Uring,  // the same, but a loop is worth a warning
  Epoll,  // the loop
};

/// Makes the batch of one reactor at each call, on that reactor's thread. The log tells what was
/// taken, once for all of them, and why it is not io_uring.
IoBatchFactory io_batch_factory(IoChoice choice);

}  // namespace carillon::net
