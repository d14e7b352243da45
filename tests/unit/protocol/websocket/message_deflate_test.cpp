// Both sides of permessage-deflate with frames between them, in the manner of the conformance
// suite's cases 12 and 13: sizes, fragments, contexts and windows.
#include "protocol/websocket/message_deflate.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/protocol/websocket/script.hpp"

namespace carillon::websocket {
namespace {

using script::Frame;
using script::Lines;

/// Text that compresses about as JSON does.
std::string sample(std::size_t size, unsigned seed = 1) {
  std::string text;
  for (unsigned value = seed; text.size() < size; value = value * 1664525 + 1013904223) {
    text.append(fmt::format(R"({{"id":{},"name":"sample {}"}},)", value, value >> 28));
  }
  text.resize(size);
  return text;
}

/// What a server makes of frames: every message, or the first error.
Lines inflate_all(MessageDeflate& deflate, Bytes wire, std::size_t piece_bytes,
                  std::uint64_t limit = 1024 * 1024) {
  Receiver receiver(Role::Server, {.max_message_bytes = limit}, kReservedBit1);
  std::vector<char> buffer;
  Lines lines;
  for (; !wire.empty(); wire.remove_prefix(std::min(piece_bytes, wire.size()))) {
    std::string piece(wire.substr(0, piece_bytes));
    std::span<char> input(piece);
    while (true) {
      const auto event = receiver.next(input);
      if (!event) {
        lines.push_back(fmt::format("error {}", describe(event.error())));
        return lines;
      }
      if (!*event) break;
      const auto* message = std::get_if<Message>(&**event);
      if (message == nullptr) {
        lines.push_back(std::visit(script::Printer{}, **event));
        continue;
      }
      const auto said = deflate.inflate(*message, limit, buffer);
      if (!said) {
        lines.push_back(fmt::format("{} {}", static_cast<unsigned>(close_code_of(said.error())),
                                    describe(said.error())));
        return lines;
      }
      lines.push_back(std::string(*said));
    }
  }
  return lines;
}

/// A client's message: compressed, in frames of `fragment_bytes` (0: one).
std::vector<Frame> message_of(Deflater& deflater, Bytes text, std::size_t fragment_bytes = 0,
                              Opcode opcode = Opcode::Text) {
  std::string payload;
  deflater.deflate(text, payload);
  std::vector<Frame> frames;
  const std::size_t size = fragment_bytes == 0 ? payload.size() : fragment_bytes;
  for (std::size_t at = 0; at < payload.size(); at += size) {
    frames.push_back({.opcode = at == 0 ? opcode : Opcode::Continuation,
                      .payload = payload.substr(at, size),
                      .is_final = at + size >= payload.size(),
                      .reserved_bits = at == 0 ? kReservedBit1 : kNoReservedBits});
  }
  return frames;
}

constexpr DeflateParameters kFresh{};
constexpr DeflateParameters kTakenOver{.server_context = Context::TakenOver,
                                       .client_context = Context::TakenOver};

TEST(MessageDeflate, ReadsMessagesOfEverySizeAndFragmentation) {
  for (const bool takes_over : {false, true}) {
    DeflatePool pool(6);
    MessageDeflate deflate(takes_over ? kTakenOver : kFresh, pool);
    Deflater client(15, 6);
    for (const std::size_t size :
         {0U, 1U, 16U, 64U, 256U, 1024U, 4096U, 8192U, 16384U, 32768U, 65536U, 131072U}) {
      for (const std::size_t fragment : {0U, 1U, 256U, 1024U, 32768U}) {
        if (fragment == 1 && size > 1024) continue;
        const std::string text = sample(size);
        if (!takes_over) client.reset();
        const std::string wire = script::wire(message_of(client, text, fragment));
        EXPECT_EQ(inflate_all(deflate, wire, wire.size()), Lines{text});
      }
    }
  }
}

TEST(MessageDeflate, DoesNotMindWhereTheStreamIsSplit) {
  DeflatePool pool(6);
  Deflater client(15, 6);
  std::vector<Frame> frames = message_of(client, sample(300), 20);
  frames.insert(frames.begin() + 1, Frame{.opcode = Opcode::Ping, .payload = "now"});
  frames.push_back({.payload = "as it is"});
  const std::string wire = script::wire(frames);
  for (std::size_t piece = 1; piece <= wire.size(); ++piece) {
    MessageDeflate deflate(kFresh, pool);
    EXPECT_EQ(inflate_all(deflate, wire, piece), (Lines{"ping now", sample(300), "as it is"}));
  }
}

TEST(MessageDeflate, RefusesTheBitWhereItMustNotBe) {
  DeflatePool pool(6);
  const std::string hello("\xF2\x48\xCD\xC9\xC9\x07\x00", 7);
  const Lines refused{"error reserved bits are set"};
  MessageDeflate deflate(kFresh, pool);
  for (const ReservedBits bits : std::vector<ReservedBits>{0x20, 0x10, 0x60, 0x50}) {
    const std::string wire = script::wire(Frame{.payload = hello, .reserved_bits = bits});
    EXPECT_EQ(inflate_all(deflate, wire, wire.size()), refused);
  }
  const std::string continued =
      script::wire({{.payload = hello, .is_final = false, .reserved_bits = kReservedBit1},
                    {.opcode = Opcode::Continuation, .reserved_bits = kReservedBit1}});
  EXPECT_EQ(inflate_all(deflate, continued, continued.size()), refused);
  for (const Opcode opcode : {Opcode::Ping, Opcode::Pong, Opcode::Close}) {
    const std::string wire = script::wire(Frame{.opcode = opcode, .reserved_bits = kReservedBit1});
    EXPECT_EQ(inflate_all(deflate, wire, wire.size()), refused);
  }
  Receiver without(Role::Server);
  const std::string wire = script::wire(Frame{.payload = hello, .reserved_bits = kReservedBit1});
  EXPECT_EQ(script::run_whole(std::move(without), wire), Lines{"error 1002 reserved bits are set"});
}

TEST(MessageDeflate, TellsBrokenPayloadsBadTextAndBombs) {
  DeflatePool pool(6);
  MessageDeflate deflate(kFresh, pool);
  Deflater client(15, 6);
  const auto outcome = [&](const std::vector<Frame>& frames) {
    const std::string wire = script::wire(frames);
    client.reset();
    return inflate_all(deflate, wire, wire.size(), 65'536);
  };
  EXPECT_EQ(outcome({{.payload = "\x07", .reserved_bits = kReservedBit1}}),
            Lines{"1007 message is not validly compressed"});
  EXPECT_EQ(outcome({{.payload = "\xF2\x48\xCD", .reserved_bits = kReservedBit1}}),
            Lines{"1007 message is not validly compressed"});
  EXPECT_EQ(outcome(message_of(client, "\xC3\x28 bad")), Lines{"1007 text is not UTF-8"});
  EXPECT_EQ(outcome(message_of(client, "\xC3\x28 good", 0, Opcode::Binary)),
            Lines{"\xC3\x28 good"});
  EXPECT_EQ(outcome(message_of(client, std::string(65'536, 'x'))), Lines{std::string(65'536, 'x')});
  EXPECT_EQ(outcome(message_of(client, std::string(65'537, 'x'))),
            Lines{"1009 message is too big"});
  EXPECT_EQ(outcome(message_of(client, std::string(8U << 20, 'x'), 100)),
            Lines{"1009 message is too big"});
  EXPECT_EQ(outcome({{.payload = "", .reserved_bits = kReservedBit1}}), Lines{""});
}

TEST(MessageDeflate, LetsThroughWhatGrowsByCompressionButNotMore) {
  DeflatePool pool(6);
  MessageDeflate deflate(kFresh, pool);
  std::string noise;
  for (unsigned value = 1; noise.size() < 65'536; value = value * 1664525 + 1013904223) {
    noise.push_back(static_cast<char>(value >> 24));
  }
  Deflater client(15, 1);
  const std::string wire = script::wire(message_of(client, noise, 0, Opcode::Binary));
  EXPECT_GT(wire.size(), noise.size() + 14);
  EXPECT_EQ(inflate_all(deflate, wire, wire.size(), noise.size()), Lines{noise});
  const std::string padded =
      script::wire(Frame{.payload = std::string(67'000, '\0'), .reserved_bits = kReservedBit1});
  EXPECT_EQ(inflate_all(deflate, padded, padded.size(), noise.size()),
            Lines{"error message is too big"});
}

/// What a client with such a window makes of frames without masks.
class Client {
 public:
  explicit Client(const DeflateParameters& parameters)
      : parameters_(parameters), inflater_(parameters.server_window_bits) {}

  Lines read(std::string wire) {
    std::span<char> input(wire);
    Receiver receiver(Role::Client, {.max_message_bytes = 1 << 20}, kReservedBit1);
    Lines lines;
    while (auto event = receiver.next(input).value()) {
      const Message& message = std::get<Message>(*event);
      std::vector<char> out(message.payload.begin(), message.payload.end());
      if (message.reserved_bits != kNoReservedBits) {
        out.clear();
        if (parameters_.server_context == Context::Fresh) inflater_.reset();
        EXPECT_TRUE(inflater_.inflate(message.payload, 1 << 20, out));
      }
      lines.emplace_back(out.begin(), out.end());
    }
    return lines;
  }

 private:
  DeflateParameters parameters_;
  Inflater inflater_;
};

TEST(MessageDeflate, WritesWhatEveryAgreementReads) {
  for (std::uint8_t bits = 9; bits <= 15; ++bits) {
    for (const Context context : {Context::Fresh, Context::TakenOver}) {
      const DeflateParameters parameters{.server_context = context, .server_window_bits = bits};
      DeflatePool pool(6);
      MessageDeflate deflate(parameters, pool);
      Client client(parameters);
      for (const std::size_t size : {1U, 16U, 300U, 300U, 5000U, 131'072U, 300U}) {
        std::string wire;
        deflate.append_frame(wire, Opcode::Text, sample(size));
        EXPECT_EQ(client.read(wire), Lines{sample(size)});
      }
    }
  }
}

TEST(MessageDeflate, TakesItsContextOverAndDropsItAfterSharedFrames) {
  DeflatePool pool(6);
  MessageDeflate deflate(kTakenOver, pool);
  Client client(kTakenOver);
  const auto send = [&](Bytes text) {
    std::string wire;
    deflate.append_frame(wire, Opcode::Text, text);
    EXPECT_EQ(client.read(wire), Lines{std::string(text)});
    return wire.size();
  };
  const std::size_t first = send(sample(1000));
  EXPECT_LT(send(sample(1000)), first / 4);
  std::string shared;
  append_shared_frame(shared, Opcode::Text, sample(40'000, 7), 15, pool);
  append_shared_frame(shared, Opcode::Text, sample(400, 8), 15, pool);
  EXPECT_EQ(client.read(shared), (Lines{sample(40'000, 7), sample(400, 8)}));
  deflate.on_shared_frames();
  EXPECT_EQ(send(sample(1000)), first);
  deflate.release_deflater();
  EXPECT_EQ(send(sample(1000)), first);
  EXPECT_LT(send(sample(1000)), first / 4);
}

TEST(MessageDeflate, SendsAsItIsWhatWouldNotBecomeSmaller) {
  DeflatePool pool(6);
  for (const DeflateParameters& parameters : {kFresh, kTakenOver}) {
    MessageDeflate deflate(parameters, pool);
    Client client(parameters);
    std::string wire;
    deflate.append_frame(wire, Opcode::Text, "abc");
    EXPECT_EQ(wire, std::string("\x81\x03"
                                "abc"));
    // What was not sent compressed is not referred to.
    wire.clear();
    deflate.append_frame(wire, Opcode::Text, "abcabcabcabcabcabcabc");
    EXPECT_EQ(client.read(wire), Lines{"abcabcabcabcabcabcabc"});
  }
  std::string wire;
  append_shared_frame(wire, Opcode::Binary, "abc", 15, pool);
  EXPECT_EQ(wire, std::string("\x82\x03"
                              "abc"));
}

TEST(MessageDeflate, IsTheSameOctetsForEverybodyWithOneWindow) {
  DeflatePool pool(6);
  std::string first;
  append_shared_frame(first, Opcode::Text, sample(2000), 12, pool);
  std::string other;
  append_shared_frame(other, Opcode::Text, sample(700, 3), 12, pool);
  std::string second;
  append_shared_frame(second, Opcode::Text, sample(2000), 12, pool);
  EXPECT_EQ(first, second);
}

TEST(MessageDeflate, CountsOctetsBeforeAndAfter) {
  DeflatePool pool(6);
  MessageDeflate deflate(kFresh, pool);
  std::string wire;
  deflate.append_frame(wire, Opcode::Text, sample(1000));
  EXPECT_EQ(pool.counts().sent_plain_bytes, 1000U);
  EXPECT_EQ(pool.counts().sent_compressed_bytes, wire.size() - 4);
  Deflater client(15, 6);
  const std::string received = script::wire(message_of(client, sample(500)));
  inflate_all(deflate, received, received.size());
  EXPECT_EQ(pool.counts().received_plain_bytes, 500U);
  EXPECT_GT(pool.counts().received_compressed_bytes, 0U);
}

}  // namespace
}  // namespace carillon::websocket
