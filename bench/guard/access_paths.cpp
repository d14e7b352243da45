// The same as delivery_paths with everything of access on: tokens verified as clients connect,
// limits counted. guard.mjs holds each against the path without it.
#include <memory>
#include <string>
#include <vector>

#include "access/action.hpp"
#include "access/grants.hpp"
#include "access/permissions.hpp"
#include "access/token.hpp"
#include "core/check.hpp"
#include "guard/hot_paths.hpp"
#include "guard/stage.hpp"
#include "protocol/websocket/frame.hpp"

namespace carillon::bench {
namespace {

constexpr std::size_t kPublications = 500;
constexpr std::size_t kPatterns = 100;
constexpr std::size_t kPlenty = 100'000'000;  // no limit is ever reached, and all are counted

/// Nobody is exempt.
server::Config config_with_access(const std::string& secret) {
  server::Config config;
  config.access.stance = access::Stance::Configured;
  config.tokens.secret = secret;
  server::LimitsConfig& limits = config.limits;
  limits.exempt.clear();
  for (auto* rate :
       {&limits.messages_per_s, &limits.bytes_per_s, &limits.subscribes_per_s,
        &limits.user_messages_per_s, &limits.user_bytes_per_s, &limits.user_connects_per_s,
        &limits.address_requests_per_s, &limits.address_connects_per_s}) {
    *rate = kPlenty;
  }
  limits.user_connections = kPlenty;
  return config;
}

std::shared_ptr<Stage> stage_with_access() {
  const std::string secret(32, 'k');
  return std::make_shared<Stage>(
      config_with_access(secret),
      access::mint_token(R"({"sub":"ann","exp":4000000000,"channels":{"*":["*"]}})", secret));
}

/// A client publishes over its WebSocket, from the frame to the log.
HotPath socket_publish(std::string name, const std::shared_ptr<Stage>& stage) {
  const auto frames = std::make_shared<std::vector<std::string>>();
  return {.name = std::move(name),
          .operations = kPublications,
          .prepare =
              [frames, stage] {
                stage->settle();
                const std::string text = R"({"type":"message","channel":"chat:lonely","data":")" +
                                         std::string(128, '7') + R"("})";
                frames->assign(kPublications, websocket::client_frame(websocket::Opcode::Text, text,
                                                                      {1, 2, 3, 4}));
              },
          .run =
              [frames, stage] {
                for (std::string& frame : *frames) stage->say(std::move(frame));
                CARILLON_CHECK(stage->command_errors() == 0);
              }};
}

/// The last of so many patterns is the one.
HotPath grant_check() {
  const auto claims = std::make_shared<access::Claims>();
  access::ActionSet publish;
  publish.add(access::Action::Publish);
  for (std::size_t index = 0; index < kPatterns; ++index) {
    CARILLON_CHECK(claims->grants.add("room:" + std::to_string(1000 + index) + ":*", publish));
  }
  const auto permissions = std::make_shared<access::Permissions>(
      access::Permissions{.stance = access::Stance::Configured});
  return {.name = "grant_check_100",
          .operations = 1'000,
          .prepare = [] {},
          .run =
              [identity = access::Identity{.claims = claims}, permissions] {
                for (int i = 0; i < 1'000; ++i) {
                  CARILLON_CHECK(access::decide(*permissions, identity, access::Locality::Remote,
                                                access::Action::Publish, "room:1099:chat")
                                     .allowed());
                }
              }};
}

}  // namespace

std::vector<HotPath> access_paths() {
  const auto plain = std::make_shared<Stage>(server::Config{});
  const auto stage = stage_with_access();
  const auto publish_hot = [stage] {
    stage->settle();
    stage->publish("hot");
  };
  return {
      grant_check(),
      socket_publish("socket_publish", plain),
      socket_publish("socket_publish_access", stage),
      {.name = "fan_out_1000_access",
       .operations = kSubscribers,
       .prepare = publish_hot,
       .run = [stage] { stage->deliver(); }},
      {.name = "flush_1000_access",
       .operations = kSubscribers,
       .prepare =
           [stage, publish_hot] {
             publish_hot();
             stage->deliver();
           },
       .run = [stage] { stage->flush(); }},
  };
}

}  // namespace carillon::bench
