// The two ways in which the protocol's objects are written.
#pragma once

#include <cstdint>

namespace carillon::native {

enum class Encoding : std::uint8_t {
  Json,  // text
  Cbor,  // octets: the same objects; data is a byte string, or a text string that holds JSON
};

}  // namespace carillon::native
