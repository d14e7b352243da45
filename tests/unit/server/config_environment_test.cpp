#include "server/config_environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace carillon::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Variables = std::vector<std::pair<std::string, std::string>>;

Result<Config, std::vector<ConfigProblem>> load(const Variables& environment) {
  ConfigDraft draft;
  apply_environment(environment, draft);
  return std::move(draft).finish();
}

std::vector<std::string> problems(const Variables& environment) {
  const auto config = load(environment);
  std::vector<std::string> texts;
  if (config) return texts;
  for (const ConfigProblem& problem : config.error()) texts.push_back(to_text(problem));
  return texts;
}

TEST(ConfigEnvironment, SetsEveryKindOfValue) {
  const auto config = load({{"CARILLON_ACCESS_ANONYMOUS", " subscribe, publish,,"},
                            {"CARILLON_SERVER_LISTEN", "0.0.0.0:8000,unix:/x"},
                            {"CARILLON_SSE_RETRY_MS", "100"},
                            {"CARILLON_SERVER_LOG_FORMAT", "json"},
                            {"CARILLON_NAMESPACE_CHAT_ROOM_OUTBOX", "conflate"},
                            {"CARILLON_NAMESPACE_CHAT_ROOM_HISTORY_AGE_S", "5"}});
  ASSERT_TRUE(config);
  EXPECT_THAT(config->access.anonymous, ElementsAre("subscribe", "publish"));
  EXPECT_THAT(config->server.listen, ElementsAre("0.0.0.0:8000", "unix:/x"));
  EXPECT_EQ(config->sse.retry, std::chrono::milliseconds(100));
  EXPECT_EQ(config->server.log_format, LogFormat::Json);
  EXPECT_EQ(config->namespaces.at("chat_room").outbox, OutboxPolicy::Conflate);
  EXPECT_EQ(config->namespaces.at("chat_room").history_age, std::chrono::seconds(5));
}

TEST(ConfigEnvironment, MayHoldAnEmptyList) {
  const auto config = load({{"CARILLON_ACCESS_ANONYMOUS", ""}, {"CARILLON_SERVER_LISTEN", ":1"}});
  ASSERT_TRUE(config);
  EXPECT_TRUE(config->access.anonymous.empty());
  EXPECT_EQ(config->access.stance, access::Stance::Configured);
}

TEST(ConfigEnvironment, RefusesUnknownVariablesOfItsSections) {
  EXPECT_THAT(problems({{"CARILLON_SERVER_LISEN", "x"}}),
              ElementsAre("CARILLON_SERVER_LISEN: unknown setting; did you mean "
                          "CARILLON_SERVER_LISTEN?"));
  EXPECT_THAT(problems({{"CARILLON_LONGPOLL_COLOUR", "x"}}),
              ElementsAre("CARILLON_LONGPOLL_COLOUR: unknown setting; there are CARILLON_LONGPOLL_ "
                          "with DEFAULT_S MAX_S"));
  EXPECT_THAT(problems({{"CARILLON_NAMESPACE_CHAT", "x"}}),
              ElementsAre(HasSubstr("unknown setting of [namespace.NAME]")));
  EXPECT_THAT(problems({{"CARILLON_NAMESPACE_OUTBOX", "conflate"}}).size(), 1U);
  EXPECT_THAT(problems({{"CARILLON_NAMESPACE__OUTBOX", "conflate"}}).size(), 1U);
}

TEST(ConfigEnvironment, LeavesOtherVariablesAlone) {
  EXPECT_THAT(problems({{"CARILLON_TEST_PORT", "1"},
                        {"CARILLON_BINARY", "x"},
                        {"CARILLON_", "x"},
                        {"CARILLON_SERVER", "x"},
                        {"CARILLON_BANANAS_RIPE", "x"},
                        {"CARILLON_PORT", "tcp://10.0.0.1:8000"},
                        {"CARILLON_SERVICE_HOST", "10.0.0.1"},
                        // Of services named carillon-http and carillon-server.
                        {"CARILLON_HTTP_PORT", "tcp://10.0.0.1:8000"},
                        {"CARILLON_HTTP_PORT_8000_TCP_ADDR", "10.0.0.1"},
                        {"CARILLON_SERVER_SERVICE_HOST", "10.0.0.1"},
                        {"CARILLON_SERVER_SERVICE_PORT_METRICS", "1"}}),
              ElementsAre());
}

TEST(ConfigEnvironment, HoldsValuesToTheirTypeAndRange) {
  for (const char* text :
       {"", "x", "1x", " 1", "1 ", "+1", "1.0", "0x1", "1_000", "99999999999999999999"}) {
    EXPECT_THAT(problems({{"CARILLON_SERVER_REACTORS", text}}),
                ElementsAre("CARILLON_SERVER_REACTORS: [server] reactors must be an integer from 0 "
                            "to 256"))
        << text;
  }
  EXPECT_THAT(problems({{"CARILLON_SERVER_REACTORS", "257"}}), ElementsAre(HasSubstr("not 257")));
  EXPECT_THAT(
      problems({{"CARILLON_ACCESS_ANONYMOUS", "publish,all"}}),
      ElementsAre(HasSubstr("CARILLON_ACCESS_ANONYMOUS: [access] anonymous \"all\" is not")));
}

}  // namespace
}  // namespace carillon::server
