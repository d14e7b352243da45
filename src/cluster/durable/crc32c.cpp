#include "cluster/durable/crc32c.hpp"

#include <array>
#include <cstddef>

namespace carillon::cluster::durable {
namespace {

constexpr std::uint32_t kPolynomial = 0x82F63B78;  // reflected
constexpr std::size_t kSlices = 8;                 // octets per step

using Table = std::array<std::uint32_t, 256>;

constexpr std::array<Table, kSlices> make_tables() {
  std::array<Table, kSlices> tables{};
  for (std::uint32_t octet = 0; octet < 256; ++octet) {
    std::uint32_t remainder = octet;
    for (int bit = 0; bit < 8; ++bit) {
      remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? kPolynomial : 0);
    }
    tables[0][octet] = remainder;
  }
  for (std::size_t slice = 1; slice < kSlices; ++slice) {
    for (std::size_t octet = 0; octet < 256; ++octet) {
      const std::uint32_t before = tables[slice - 1][octet];
      tables[slice][octet] = (before >> 8) ^ tables[0][before & 0xFF];
    }
  }
  return tables;
}

constexpr std::array<Table, kSlices> kTables = make_tables();

std::uint32_t octet_at(Bytes octets, std::size_t index) {
  return static_cast<unsigned char>(octets[index]);
}

}  // namespace

std::uint32_t crc32c(Bytes octets) {
  std::uint32_t sum = 0xFFFFFFFF;
  while (octets.size() >= kSlices) {
    const std::uint32_t low = sum ^ (octet_at(octets, 0) | octet_at(octets, 1) << 8 |
                                     octet_at(octets, 2) << 16 | octet_at(octets, 3) << 24);
    sum = kTables[7][low & 0xFF] ^ kTables[6][(low >> 8) & 0xFF] ^ kTables[5][(low >> 16) & 0xFF] ^
          kTables[4][low >> 24] ^ kTables[3][octet_at(octets, 4)] ^
          kTables[2][octet_at(octets, 5)] ^ kTables[1][octet_at(octets, 6)] ^
          kTables[0][octet_at(octets, 7)];
    octets.remove_prefix(kSlices);
  }
  for (const char octet : octets) {
    sum = (sum >> 8) ^ kTables[0][(sum ^ static_cast<unsigned char>(octet)) & 0xFF];
  }
  return ~sum;
}

}  // namespace carillon::cluster::durable
