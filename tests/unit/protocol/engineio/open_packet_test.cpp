#include "protocol/engineio/open_packet.hpp"

#include <gtest/gtest.h>

#include <string>

namespace carillon::engineio {
namespace {

TEST(EngineioOpenPacket, HoldsExactlyWhatClientsExpect) {
  std::string out;
  append_open_packet(out, {.session_id = "lv_VI97HAXpY6yYWAAAB",
                           .may_upgrade = true,
                           .ping_interval = std::chrono::milliseconds(300),
                           .ping_timeout = std::chrono::milliseconds(200),
                           .max_payload_bytes = 1'000'000});
  EXPECT_EQ(out, R"(0{"sid":"lv_VI97HAXpY6yYWAAAB","upgrades":["websocket"],"pingInterval":300,)"
                 R"("pingTimeout":200,"maxPayload":1000000})");
}

TEST(EngineioOpenPacket, OffersNoUpgradeWhereThereIsNone) {
  std::string out;
  append_open_packet(out, {.session_id = "a"});
  EXPECT_NE(out.find(R"("upgrades":[],)"), std::string::npos);
}

}  // namespace
}  // namespace carillon::engineio
