// Numbers in network order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/bytes.hpp"

namespace carillon::stun {

inline std::uint8_t read_u8(Bytes octets, std::size_t at) {
  return static_cast<std::uint8_t>(octets[at]);
}
inline std::uint16_t read_u16(Bytes octets, std::size_t at) {
  return static_cast<std::uint16_t>(read_u8(octets, at) << 8 | read_u8(octets, at + 1));
}
inline std::uint32_t read_u32(Bytes octets, std::size_t at) {
  return std::uint32_t{read_u16(octets, at)} << 16 | read_u16(octets, at + 2);
}

inline void write_u16(char* out, std::uint16_t number) {
  out[0] = static_cast<char>(number >> 8);
  out[1] = static_cast<char>(number);
}
inline void append_u16(std::string& out, std::uint16_t number) {
  out += static_cast<char>(number >> 8);
  out += static_cast<char>(number);
}
inline void append_u32(std::string& out, std::uint32_t number) {
  append_u16(out, static_cast<std::uint16_t>(number >> 16));
  append_u16(out, static_cast<std::uint16_t>(number));
}

/// The next multiple of 4: attributes, and messages over TCP, are padded to it.
inline constexpr std::size_t padded(std::size_t size) {
  return (size + 3) / 4 * 4;
}

}  // namespace carillon::stun
