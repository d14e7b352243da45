#include "hub/namespace_settings.hpp"

#include <gtest/gtest.h>

namespace carillon::hub {
namespace {

TEST(NamespaceTable, ThePartBeforeTheFirstColonChooses) {
  const NamespaceTable table({.history_count = 1},
                             {{"chat", {.history_count = 2}}, {"", {.history_count = 3}}});
  EXPECT_EQ(table.of("chat:lobby").history_count, 2U);
  EXPECT_EQ(table.of("chat:a:b").history_count, 2U);
  EXPECT_EQ(table.of("chat:").history_count, 2U);
  EXPECT_EQ(table.of(":lobby").history_count, 3U);
  EXPECT_EQ(table.of("chat").history_count, 1U) << "without a colon there is no namespace";
  EXPECT_EQ(table.of("game:1").history_count, 1U);
}

TEST(NamespaceTable, WithoutSettingsTheDefaultsHold) {
  const NamespaceTable table;
  const NamespaceSettings& settings = table.of("chat");
  EXPECT_EQ(settings.history_count, 1'000U);
  EXPECT_EQ(settings.history_age, std::chrono::hours(1));
  EXPECT_EQ(settings.history_bytes, 1'048'576U);
  EXPECT_EQ(settings.outbox_policy, OutboxPolicy::Disconnect);
}

}  // namespace
}  // namespace carillon::hub
