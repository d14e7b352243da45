#include "protocol/websocket/frame.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace carillon::websocket {
namespace {

using namespace std::string_literals;

constexpr MaskKey kKey{0x37, 0xFA, 0x21, 0x3D};

ParsedFrameHeader parse(Bytes octets, Role role, ReservedBits allowed = kNoReservedBits) {
  const auto parsed = parse_frame_header(octets, role, allowed);
  if (!parsed || !*parsed) {
    ADD_FAILURE() << "no header";
    return {};
  }
  return **parsed;
}

std::optional<ProtocolError> error_in(Bytes octets, Role role = Role::Server,
                                      ReservedBits allowed = kNoReservedBits) {
  const auto parsed = parse_frame_header(octets, role, allowed);
  return parsed ? std::nullopt : std::optional(parsed.error());
}

std::string masked_header(unsigned first, unsigned length) {
  return {static_cast<char>(first), static_cast<char>(0x80 | length), 1, 2, 3, 4};
}

TEST(Frame, ReadsAndWritesTheExamplesOfTheRfc) {
  EXPECT_EQ(server_frame(Opcode::Text, "Hello").view(), "\x81\x05Hello");
  EXPECT_EQ(client_frame(Opcode::Text, "Hello", kKey),
            "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
  EXPECT_EQ(server_frame(Opcode::Ping, "Hello").view(), "\x89\x05Hello");
  EXPECT_EQ(client_frame(Opcode::Pong, "Hello", kKey),
            "\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
  EXPECT_EQ(server_frame(Opcode::Binary, std::string(256, 'x')).view().substr(0, 5),
            "\x82\x7e\x01\x00x"s);
  EXPECT_EQ(server_frame(Opcode::Binary, std::string(65536, 'x')).view().substr(0, 11),
            "\x82\x7f\0\0\0\0\0\x01\0\0x"s);

  const EncodedFrameHeader first({.is_final = false, .payload_bytes = 3});
  EXPECT_EQ(first.view(), "\x01\x03");
  const EncodedFrameHeader last({.opcode = Opcode::Continuation, .payload_bytes = 2});
  EXPECT_EQ(last.view(), "\x80\x02"s);
}

TEST(Frame, WritesWhatItReadsAtEveryLengthOfTheLengthField) {
  const std::vector<std::uint64_t> lengths{
      0, 1, 125, 126, 127, 128, 65535, 65536, 65537, 1 << 24, 1ULL << 32, (1ULL << 63) - 1};
  for (const std::uint64_t length : lengths) {
    for (const Role role : {Role::Server, Role::Client}) {
      FrameHeader header{.opcode = Opcode::Binary, .payload_bytes = length};
      if (role == Role::Server) header.mask = kKey;
      const EncodedFrameHeader encoded(header);
      const ParsedFrameHeader parsed = parse(encoded.view(), role);
      EXPECT_EQ(parsed.header_bytes, encoded.view().size());
      EXPECT_EQ(parsed.header.payload_bytes, length);
      EXPECT_EQ(parsed.header.mask, header.mask);
      EXPECT_EQ(parsed.header.opcode, Opcode::Binary);
    }
  }
}

TEST(Frame, TakesTheShortestLengthFieldThatFits) {
  const auto header_bytes = [](std::uint64_t length) {
    return EncodedFrameHeader({.payload_bytes = length}).view().size();
  };
  EXPECT_EQ(header_bytes(125), 2U);
  EXPECT_EQ(header_bytes(126), 4U);
  EXPECT_EQ(header_bytes(65535), 4U);
  EXPECT_EQ(header_bytes(65536), 10U);
}

TEST(Frame, KnowsEveryOpcodeAndRefusesTheReservedOnes) {
  for (unsigned opcode = 0; opcode < 16; ++opcode) {
    const bool known = opcode <= 2 || (opcode >= 8 && opcode <= 10);
    const std::string octets = masked_header(0x80 | opcode, 0);
    if (known) {
      EXPECT_EQ(static_cast<unsigned>(parse(octets, Role::Server).header.opcode), opcode);
    } else {
      EXPECT_EQ(error_in(octets), ProtocolError::UnknownOpcode);
    }
  }
}

TEST(Frame, RefusesEveryReservedBitThatNothingNegotiated) {
  for (unsigned bits = 0x10; bits <= 0x70; bits += 0x10) {
    for (const unsigned opcode : {0U, 1U, 2U, 8U, 9U, 10U}) {
      EXPECT_EQ(error_in(masked_header(0x80 | bits | opcode, 0)), ProtocolError::ReservedBits);
    }
  }
}

TEST(Frame, AllowsANegotiatedBitOnTheFirstFrameOfAMessageOnly) {
  for (const unsigned opcode : {1U, 2U}) {
    const std::string octets = masked_header(0x40 | opcode, 5);
    EXPECT_EQ(parse(octets, Role::Server, kReservedBit1).header.reserved_bits, kReservedBit1);
    EXPECT_EQ(error_in(masked_header(0x60 | opcode, 5), Role::Server, kReservedBit1),
              ProtocolError::ReservedBits);
  }
  for (const unsigned opcode : {0U, 8U, 9U, 10U}) {
    EXPECT_EQ(error_in(masked_header(0xC0 | opcode, 5), Role::Server, kReservedBit1),
              ProtocolError::ReservedBits);
  }
}

TEST(Frame, RefusesFragmentedAndLongControlFrames) {
  for (const unsigned opcode : {8U, 9U, 10U}) {
    EXPECT_EQ(error_in(masked_header(opcode, 0)), ProtocolError::ControlFragmented);
    EXPECT_EQ(error_in(masked_header(0x80 | opcode, 126)), ProtocolError::ControlTooLong);
    EXPECT_EQ(error_in(masked_header(0x80 | opcode, 127)), ProtocolError::ControlTooLong);
    EXPECT_EQ(parse(masked_header(0x80 | opcode, 125), Role::Server).header.payload_bytes, 125U);
  }
}

TEST(Frame, InsistsOnAMaskFromClientsAndOnNoneFromServers) {
  EXPECT_EQ(error_in("\x81\x05Hello", Role::Server), ProtocolError::UnmaskedClientFrame);
  EXPECT_EQ(error_in(masked_header(0x81, 5), Role::Client), ProtocolError::MaskedServerFrame);
}

TEST(Frame, RefusesLengthsThatAreNotMinimal) {
  EXPECT_EQ(error_in("\x82\xFE\x00\x7D"s), ProtocolError::LengthNotMinimal);
  EXPECT_EQ(error_in("\x82\xFE\x00\x00"s), ProtocolError::LengthNotMinimal);
  EXPECT_EQ(error_in("\x82\xFF\0\0\0\0\0\0\xFF\xFF"s), ProtocolError::LengthNotMinimal);
  EXPECT_EQ(error_in("\x82\xFF\0\0\0\0\0\0\0\x01"s), ProtocolError::LengthNotMinimal);
}

TEST(Frame, RefusesALengthOf64Bits) {
  EXPECT_EQ(error_in("\x82\xFF\x80\0\0\0\0\0\0\0"s), ProtocolError::LengthTooLarge);
  EXPECT_EQ(error_in("\x82\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s), ProtocolError::LengthTooLarge);
}

TEST(Frame, WaitsForMoreAtEveryByteOfAHeader) {
  for (const std::uint64_t length : {5ULL, 300ULL, 70000ULL}) {
    const EncodedFrameHeader encoded({.mask = kKey, .payload_bytes = length});
    const Bytes octets = encoded.view();
    for (std::size_t size = 0; size < octets.size(); ++size) {
      const auto parsed = parse_frame_header(octets.substr(0, size), Role::Server, kNoReservedBits);
      ASSERT_TRUE(parsed.has_value());
      EXPECT_FALSE(parsed->has_value()) << size;
    }
  }
}

TEST(Frame, TellsWhatIsWrongAtTheOctetThatShowsIt) {
  EXPECT_EQ(error_in("\x83"), ProtocolError::UnknownOpcode);
  EXPECT_EQ(error_in("\xC1"), ProtocolError::ReservedBits);
  EXPECT_EQ(error_in("\x09"), ProtocolError::ControlFragmented);
  EXPECT_EQ(error_in("\x81\x05"), ProtocolError::UnmaskedClientFrame);
  EXPECT_EQ(error_in("\x89\xFE"), ProtocolError::ControlTooLong);
}

}  // namespace
}  // namespace carillon::websocket
