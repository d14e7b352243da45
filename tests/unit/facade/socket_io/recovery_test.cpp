#include "facade/socket_io/recovery.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace carillon::facade {
namespace {

using std::chrono::seconds;

class RecoveryLogTest : public ::testing::Test {
 protected:
  /// An emit to `room`, or to everybody.
  void emit(const std::string& room = "") {
    SocketIoPacket packet;
    packet.frame = SharedBytes(std::to_string(log_.next_number()));
    SocketIoTarget target;
    if (!room.empty()) target.rooms.push_back(room);
    log_.append(std::make_shared<const SocketIoPacket>(packet), target, now_);
  }

  void lose(const std::string& pid, std::uint64_t last_sent, std::uint64_t joined_at = 0) {
    log_.keep(pid, {.sid = "of " + pid,
                    .rooms = {"kitchen"},
                    .data = {},
                    .joined_at = joined_at,
                    .last_sent = last_sent,
                    .at = now_});
  }

  /// What one that comes back is sent; "-": it does not.
  std::string missed(const std::string& pid, std::optional<std::uint64_t> offset) {
    const auto found = log_.find(pid, offset, now_);
    if (!found) return "-";
    std::string numbers;
    for (const auto& each : log_.after(found->from, found->session.rooms)) {
      numbers += std::string(each->frame.view()) + " ";
    }
    return numbers;
  }

  TimePoint now_ = TimePoint() + seconds(1000);
  RecoveryLog log_{{.time = seconds(60), .packets = 4, .bytes = 1000, .sessions = 3}};
};

TEST_F(RecoveryLogTest, BelievesNobodyThatItWasThereBeforeItCame) {
  emit();
  emit();
  lose("p", 3, 1);
  emit();
  EXPECT_EQ(missed("p", 0), "2 3 ");
  EXPECT_EQ(missed("p", std::nullopt), "2 3 ");
}

TEST_F(RecoveryLogTest, TellsWhatWasForTheSessionAfterItsOffset) {
  emit("kitchen");
  emit("garden");
  lose("p", 1);
  emit();
  emit("kitchen");
  EXPECT_EQ(missed("p", 1), "3 4 ");
  EXPECT_EQ(missed("p", 0), "1 3 4 ") << "the first had not arrived";
  EXPECT_EQ(missed("q", 1), "-");
  EXPECT_EQ(missed("p", 99), "-") << "there is no such offset";
}

TEST_F(RecoveryLogTest, AQuietSessionComesBackThoughItsOffsetIsGone) {
  emit("kitchen");
  for (int i = 0; i < 10; ++i) emit("garden");
  lose("quiet", 1);
  lose("behind", 11);
  lose("new", 11, 11);
  emit();
  EXPECT_EQ(missed("quiet", 1), "12 ");
  EXPECT_EQ(missed("behind", 1), "-") << "something before it left is gone";
  EXPECT_EQ(missed("new", std::nullopt), "12 ") << "it never was sent anything";
}

TEST_F(RecoveryLogTest, WhatIsPrunedSinceEndsIt) {
  lose("p", 0);
  for (int i = 0; i < 5; ++i) emit("garden");
  EXPECT_EQ(missed("p", std::nullopt), "-");
}

TEST_F(RecoveryLogTest, SessionsEndInTime) {
  lose("p", 0);
  now_ += seconds(60);
  EXPECT_EQ(missed("p", 0), "");
  now_ += seconds(1);
  EXPECT_EQ(missed("p", 0), "-");
  EXPECT_TRUE(log_.is_idle());
}

TEST_F(RecoveryLogTest, KeepsItsLimits) {
  for (const auto* const pid : {"a", "b", "c", "d"}) lose(pid, 0);
  EXPECT_EQ(missed("c", 0), "");
  EXPECT_EQ(missed("d", 0), "-");
  log_.forget("a");
  EXPECT_EQ(missed("a", 0), "-");
}

TEST_F(RecoveryLogTest, TheLaterOfTwoLossesCounts) {
  lose("p", 0);
  now_ += seconds(40);
  lose("p", 0);
  now_ += seconds(40);
  EXPECT_EQ(missed("p", 0), "");
}

}  // namespace
}  // namespace carillon::facade
