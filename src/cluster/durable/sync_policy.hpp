// When the log is forced onto the disk.
#pragma once

#include <cstdint>

namespace carillon::cluster::durable {

/// What a publication's acknowledgement promises. In each case it has been handed to the kernel, so
/// that it outlives this process however that ends.
enum class SyncPolicy : std::uint8_t {
  Always,    // it is on the disk: it outlives the machine too
  Interval,  // it is within the interval
  Never,     // it will be when the kernel sees fit
};

}  // namespace carillon::cluster::durable
