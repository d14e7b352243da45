#include "server/config_load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace carillon::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Variables = std::vector<std::pair<std::string, std::string>>;

Result<Config, std::vector<ConfigProblem>> load(const Variables& environment,
                                                const ConfigFlags& flags = {}) {
  return load_config({.file = {}, .environment = environment, .flags = flags});
}

std::vector<std::string> problems(const Variables& environment, const ConfigFlags& flags = {}) {
  const auto config = load(environment, flags);
  std::vector<std::string> texts;
  if (config) return texts;
  for (const ConfigProblem& problem : config.error()) texts.push_back(to_text(problem));
  return texts;
}

TEST(ConfigLayers, LieOverEachOther) {
  const std::string path = testing::TempDir() + "carillon_layers.toml";
  std::ofstream(path) << "[server]\nreactors = 2\ndrain_s = 2\nlog_level = \"warn\"\n";
  ConfigFlags flags;
  flags.reactors = "4";
  const auto config = load_config(
      {.file = path,
       .environment = {{"CARILLON_SERVER_REACTORS", "3"}, {"CARILLON_SERVER_DRAIN_S", "3"}},
       .flags = flags});
  std::remove(path.c_str());
  ASSERT_TRUE(config);
  EXPECT_EQ(config->server.reactors, 4U);
  EXPECT_EQ(config->server.drain, std::chrono::seconds(3));
  EXPECT_EQ(config->server.log_level, "warn");
  EXPECT_EQ(config->server.log_format, LogFormat::Text);
}

TEST(ConfigLayers, AreAllReadForProblems) {
  ConfigFlags flags;
  flags.log_level = "loud";
  const auto config = load_config({.file = "/nonexistent/carillon.toml",
                                   .environment = {{"CARILLON_HTTP_IDLE_S", "0"}},
                                   .flags = flags});
  ASSERT_FALSE(config);
  std::vector<std::string> sources;
  for (const ConfigProblem& problem : config.error()) sources.push_back(problem.source);
  EXPECT_THAT(sources,
              ElementsAre("/nonexistent/carillon.toml", "CARILLON_HTTP_IDLE_S", "--log-level"));
}

TEST(ConfigLayers, WantProxyProtocolOnListenAddressesAndFromAddressSetOnly) {
  EXPECT_THAT(problems({{"CARILLON_SERVER_PROXY_PROTOCOL", "127.0.0.1:8001"}}),
              ElementsAre(HasSubstr("is none of [server] listen"),
                          HasSubstr("needs [access] trusted_proxies")));
  EXPECT_THAT(problems({{"CARILLON_SERVER_PROXY_PROTOCOL", "127.0.0.1:8000"},
                        {"CARILLON_ACCESS_TRUSTED_PROXIES", "127.0.0.1"}}),
              testing::IsEmpty());
}

TEST(ConfigEnvironment, IsThatOfTheProcess) {
  ASSERT_EQ(setenv("CARILLON_TEST_ENVIRONMENT", "a=b", 1), 0);
  EXPECT_THAT(carillon_environment(),
              testing::Contains(testing::Pair("CARILLON_TEST_ENVIRONMENT", "a=b")));
  EXPECT_THAT(carillon_environment(), testing::Not(testing::Contains(testing::Key("PATH"))));
  ASSERT_EQ(unsetenv("CARILLON_TEST_ENVIRONMENT"), 0);
}

TEST(ConfigFlags, ReplaceWhatStoodBelow) {
  ConfigFlags flags;
  flags.listen = {"127.0.0.1:1"};
  flags.data_dir = "/d";
  flags.log_level = "off";
  flags.log_format = "json";
  const auto config = load({{"CARILLON_SERVER_LISTEN", "127.0.0.1:2,127.0.0.1:3"}}, flags);
  ASSERT_TRUE(config);
  EXPECT_THAT(config->server.listen, ElementsAre("127.0.0.1:1"));
  EXPECT_EQ(config->server.data_dir, "/d");
  EXPECT_EQ(config->server.log_level, "off");
  EXPECT_EQ(config->server.log_format, LogFormat::Json);
  flags.reactors = "many";
  flags.listen = {"nonsense"};
  EXPECT_THAT(problems({}, flags), ElementsAre(HasSubstr("--listen: [server] listen \"nonsense\""),
                                               HasSubstr("--reactors: [server] reactors must be")));
}

TEST(ClosedByDefault, RefusesToListenToOthersWithoutAnAccessSection) {
  const auto texts = problems({{"CARILLON_SERVER_LISTEN", "127.0.0.1:1,0.0.0.0:8000"}});
  ASSERT_EQ(texts.size(), 1U);
  EXPECT_THAT(texts[0], HasSubstr("listening on \"0.0.0.0:8000\""));
  EXPECT_THAT(texts[0], HasSubstr("\n    [access]\n    anonymous = [\"subscribe\", \"publish\", "
                                  "\"history\", \"ephemeral\"]\n"));
  EXPECT_THAT(texts[0],
              HasSubstr("\n    CARILLON_ACCESS_ANONYMOUS=subscribe,publish,history,ephemeral\n"));
  EXPECT_EQ(problems({{"CARILLON_ADMIN_LISTEN", "10.0.0.1:9000"}}).size(), 1U);
}

TEST(ClosedByDefault, ListensAnywhereOnceSomethingSaysWhoMayDoWhat) {
  for (const Variables& access : {Variables{{"CARILLON_ACCESS_ANONYMOUS", ""}},
                                  Variables{{"CARILLON_ACCESS_HOSTS", "example.com"}},
                                  Variables{{"CARILLON_ACCESS_ANONYMOUS", "publish"}}}) {
    Variables variables = access;
    variables.emplace_back("CARILLON_SERVER_LISTEN", ":8000");
    EXPECT_TRUE(load(variables)) << access[0].second;
  }
  EXPECT_TRUE(load({{"CARILLON_SERVER_LISTEN", "127.0.0.1:1,[::1]:2,localhost:3,unix:/x"}}));
}

TEST(ClosedByDefault, TellsLinesThatAreRight) {
  const std::string path = testing::TempDir() + "carillon_closed.toml";
  std::ofstream(path) << "[access]\nanonymous = [\"subscribe\", \"publish\", \"history\", "
                         "\"ephemeral\"]\n";
  const auto by_file = load_config(
      {.file = path, .environment = {{"CARILLON_SERVER_LISTEN", ":8000"}}, .flags = {}});
  std::remove(path.c_str());
  const auto by_environment =
      load({{"CARILLON_SERVER_LISTEN", ":8000"},
            {"CARILLON_ACCESS_ANONYMOUS", "subscribe,publish,history,ephemeral"}});
  ASSERT_TRUE(by_file);
  ASSERT_TRUE(by_environment);
  EXPECT_EQ(by_file->access.anonymous, by_environment->access.anonymous);
}

TEST(ConfigTogether, HoldsSettingsToEachOther) {
  EXPECT_THAT(problems({{"CARILLON_LONGPOLL_DEFAULT_S", "90"}}),
              ElementsAre("[longpoll] default_s must not be more than max_s, which is 60"));
  EXPECT_THAT(problems({{"CARILLON_HISTORY_TOTAL_BYTES", "2000000"},
                        {"CARILLON_HISTORY_BYTES", "2000001"}}),
              ElementsAre(HasSubstr("[history] bytes must not be more than total_bytes")));
  EXPECT_THAT(problems({{"CARILLON_NAMESPACE_A_HISTORY_BYTES", "300000000"}}),
              ElementsAre(HasSubstr("[namespace.a] history_bytes must not be more")));
  EXPECT_THAT(problems({{"CARILLON_SERVER_LISTEN", ""}}),
              ElementsAre(HasSubstr("[server] listen is empty")));
}

TEST(ConfigTogether, SendsClientsToRelaysThatTheyCanUse) {
  EXPECT_THAT(problems({{"CARILLON_RTC_TURN_URLS", "turn:a.b"}}),
              ElementsAre(HasSubstr("[rtc] turn_urls needs turn_secret")));
  EXPECT_THAT(problems({{"CARILLON_RTC_TURN_SECRET", "s"}}),
              ElementsAre(HasSubstr("[turn] secret")));
  EXPECT_THAT(problems({{"CARILLON_RTC_ICE_TRANSPORT_POLICY", "relay"}}),
              ElementsAre(HasSubstr("give [turn] listen and secret")));
  EXPECT_THAT(problems({{"CARILLON_RTC_ICE_TRANSPORT_POLICY", "relay"},
                        {"CARILLON_RTC_TURN_URLS", "turns:a.b:443?transport=tcp"},
                        {"CARILLON_RTC_TURN_SECRET", "s"}}),
              ElementsAre());
}

TEST(ConfigTogether, KnowsTheUrlsOfRelaysAndHostsWithoutAPort) {
  for (const char* url : {"http://a.b", "turn:", "turn:a.b:3478?transport=sctp", "stun:a.b"}) {
    EXPECT_EQ(problems({{"CARILLON_RTC_TURN_URLS", url}}).size(), 1U) << url;
  }
  EXPECT_EQ(problems({{"CARILLON_RTC_STUN_URLS", "stun:a.b?transport=udp"}}).size(), 1U);
  EXPECT_EQ(problems({{"CARILLON_RTC_HOST", "a.b:3478"}}).size(), 1U);
  EXPECT_EQ(problems({{"CARILLON_RTC_HOST", "[::1]"}}).size(), 1U);
  for (const char* host : {"a.b", "203.0.113.7", "2001:db8::7"}) {
    EXPECT_THAT(problems({{"CARILLON_RTC_HOST", host}}), ElementsAre()) << host;
  }
}

TEST(ConfigLayers, SelfSignedPutsTlsOnEveryAddressThatDoesNotSayOtherwise) {
  ConfigFlags flags;
  flags.tls_self_signed = "on";
  flags.listen = {"127.0.0.1:1", "http://127.0.0.1:2", "unix:/x"};
  const auto config = load_config({.file = {}, .environment = {}, .flags = flags});
  ASSERT_TRUE(config);
  EXPECT_THAT(config->server.listen,
              ElementsAre("https://127.0.0.1:1", "http://127.0.0.1:2", "unix:/x"));
}

TEST(ConfigLayers, LabAndDemoAreOffUntilAFlagOrAKeySaysOtherwise) {
  const auto closed = load({});
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->pages.lab, LabHooks::Off);
  EXPECT_EQ(closed->pages.demo, DemoData::Off);
  EXPECT_TRUE(closed->namespaces.empty());
  ConfigFlags flags;
  flags.lab = "on";
  flags.demo = "on";
  const auto open = load_config({.file = {}, .environment = {}, .flags = flags});
  ASSERT_TRUE(open);
  EXPECT_EQ(open->pages.lab, LabHooks::On);
  EXPECT_EQ(open->pages.demo, DemoData::On);
}

TEST(ConfigLayers, DemoDataConflatesWhereTheFileDoesNotSayOtherwise) {
  const auto config =
      load({{"CARILLON_PAGES_DEMO", "on"}, {"CARILLON_NAMESPACE_DEMO-GAME_OUTBOX", "drop_oldest"}});
  ASSERT_TRUE(config);
  EXPECT_EQ(config->namespaces.at("demo-stocks").outbox, OutboxPolicy::Conflate);
  EXPECT_EQ(config->namespaces.at("demo-stocks").history_count, 200u);
  EXPECT_EQ(config->namespaces.at("demo-game").outbox, OutboxPolicy::DropOldest);
}

TEST(ConfigLayers, TheDemosChatKnowsWhoIsThereWhereTheFileDoesNotSayOtherwise) {
  const auto config = load({{"CARILLON_PAGES_DEMO", "on"}, {"CARILLON_HISTORY_COUNT", "7"}});
  ASSERT_TRUE(config);
  EXPECT_EQ(config->namespaces.at("demo-chat").presence, Presence::On);
  EXPECT_EQ(config->namespaces.at("demo-chat").history_count, 7u);
  const auto other =
      load({{"CARILLON_PAGES_DEMO", "on"}, {"CARILLON_NAMESPACE_DEMO-CHAT_PRESENCE", "off"}});
  ASSERT_TRUE(other);
  EXPECT_EQ(other->namespaces.at("demo-chat").presence, Presence::Off);
}

TEST(ConfigLayers, TlsNeedsCertificates) {
  ConfigFlags flags;
  flags.listen = {"https://127.0.0.1:1"};
  EXPECT_THAT(problems({}, flags), ElementsAre(HasSubstr("[tls] certificates is empty")));
}

}  // namespace
}  // namespace carillon::server
