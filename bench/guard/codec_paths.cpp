#include <memory>
#include <span>
#include <string>

#include "core/check.hpp"
#include "guard/hot_paths.hpp"
#include "hub/publication.hpp"
#include "protocol/native/parse.hpp"
#include "protocol/websocket/frame.hpp"
#include "protocol/websocket/mask.hpp"
#include "protocol/websocket/receiver.hpp"
#include "transport/sse/wire_form.hpp"

namespace carillon::bench {
namespace {

constexpr std::size_t kMessages = 1'000;
constexpr websocket::MaskKey kMask = {0x5A, 0xC3, 0x17, 0x88};

const std::string& command() {
  static const std::string text =
      R"({"type":"message","channel":"chat:lobby","id":17,"data":{"text":")" +
      std::string(100, 'x') + R"(","mentions":["ann","bob"],"at":1732412345678.001}})";
  return text;
}

/// Whole small frames as a client sends them, back to back; unmasked in place, so made anew.
HotPath frame_parse() {
  auto input = std::make_shared<std::string>();
  return {.name = "frame_parse",
          .operations = kMessages,
          .prepare =
              [input] {
                input->clear();
                for (std::size_t index = 0; index < kMessages; ++index) {
                  *input += websocket::client_frame(websocket::Opcode::Text, "hello, all", kMask);
                }
              },
          .run =
              [input] {
                websocket::Receiver receiver(websocket::Role::Server);
                std::span<char> rest = *input;
                std::size_t count = 0;
                for (auto event = receiver.next(rest); event && *event;
                     event = receiver.next(rest)) {
                  ++count;
                }
                CARILLON_CHECK(count == kMessages);
              }};
}

HotPath unmask() {
  auto payload = std::make_shared<std::string>(4096, 'x');
  return {.name = "unmask_4096",
          .operations = kMessages,
          .prepare = [] {},
          .run =
              [payload] {
                for (std::size_t index = 0; index < kMessages; ++index) {
                  websocket::apply_mask(*payload, kMask, index);
                }
              }};
}

HotPath command_parse() {
  return {.name = "command_parse",
          .operations = kMessages,
          .prepare = [] {},
          .run =
              [] {
                for (std::size_t index = 0; index < kMessages; ++index) {
                  CARILLON_CHECK(native::parse_command(command()).has_value());
                }
              }};
}

HotPath sse_encode() {
  const hub::PublicationPtr publication = hub::make_publication(
      {.channel = "chat:lobby", .data = command(), .publisher = {.user = "ann", .client = {}}},
      hub::PublicationKind::Kept, {.epoch = *Epoch::parse("k3f9"), .offset = 42},
      Timestamp{1'732'412'345'678'001});
  return {.name = "sse_encode",
          .operations = kMessages,
          .prepare = [] {},
          .run =
              [publication] {
                std::string out;
                for (std::size_t index = 0; index < kMessages; ++index) {
                  out.clear();
                  transport::encode_event_with_id(*publication, out);
                }
              }};
}

}  // namespace

std::vector<HotPath> codec_paths() {
  return {frame_parse(), unmask(), command_parse(), sse_encode()};
}

}  // namespace carillon::bench
