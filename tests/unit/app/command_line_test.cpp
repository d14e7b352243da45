#include "apps/carillon/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "apps/carillon/check_config.hpp"

namespace carillon::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<Command, int> parse(std::vector<const char*> words) {
  words.insert(words.begin(), "carillon");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

int failure_of(std::vector<const char*> words) {
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  const auto command = parse(std::move(words));
  testing::internal::GetCapturedStdout();
  const std::string said = testing::internal::GetCapturedStderr();
  if (command) return -1;
  EXPECT_EQ(said.empty(), command.error() == kExitOk);
  return command.error();
}

TEST(CommandLine, TakesAllFlagsOfServe) {
  const auto command = parse({"serve", "--listen", "127.0.0.1:1", "--config", "c.toml",
                              "--listen=unix:/x", "--reactors", "2", "--io", "epoll", "--data-dir",
                              "d", "--log-level", "off", "--log-format", "json"});
  ASSERT_TRUE(command);
  const auto& sources = std::get<ServeCommand>(*command).sources;
  EXPECT_THAT(sources.flags.listen.value(), ElementsAre("127.0.0.1:1", "unix:/x"));
  EXPECT_EQ(sources.file, "c.toml");
  EXPECT_EQ(sources.flags.reactors, "2");
  EXPECT_EQ(sources.flags.io, "epoll");
  EXPECT_EQ(sources.flags.data_dir, "d");
  EXPECT_EQ(sources.flags.log_level, "off");
  EXPECT_EQ(sources.flags.log_format, "json");
}

TEST(CommandLine, LeavesOutWhatIsNotSaid) {
  const auto command = parse({"serve"});
  ASSERT_TRUE(command);
  const auto& sources = std::get<ServeCommand>(*command).sources;
  EXPECT_FALSE(sources.file);
  EXPECT_FALSE(sources.flags.listen);
  EXPECT_FALSE(sources.flags.reactors);
}

TEST(CommandLine, KnowsWhatToPrint) {
  const auto output = [](std::vector<const char*> words) {
    return std::get<CheckConfigCommand>(parse(std::move(words)).value()).output;
  };
  EXPECT_EQ(output({"check-config", "--config", "c.toml"}), ConfigOutput::Verdict);
  EXPECT_EQ(output({"check-config", "--print"}), ConfigOutput::Effective);
  EXPECT_EQ(output({"check-config", "--template"}), ConfigOutput::Template);
  EXPECT_THAT(std::get<PrintCommand>(parse({"version"}).value()).text, HasSubstr("carillon 0."));
}

TEST(CommandLine, TakesAllFlagsOfPub) {
  const auto command = parse({"pub", "chat", "{}", "--type", "text", "--key", "k", "--dedupe", "d",
                              "--server", "http://h:1/b", "--token", "t", "--json"});
  ASSERT_TRUE(command);
  const auto& pub = std::get<PubCommand>(*command);
  EXPECT_EQ(pub.channel, "chat");
  EXPECT_EQ(pub.data, "{}");
  EXPECT_EQ(pub.type, DataType::Text);
  EXPECT_EQ(pub.key, "k");
  EXPECT_EQ(pub.dedupe, "d");
  EXPECT_EQ(pub.client.server, "http://h:1/b");
  EXPECT_EQ(pub.client.token, "t");
  EXPECT_EQ(pub.client.form, OutputForm::Json);
  const auto other = std::get<PubCommand>(parse({"pub", "chat", "--lines"}).value());
  EXPECT_TRUE(other.lines);
  EXPECT_FALSE(other.data);
  EXPECT_EQ(std::get<PubCommand>(parse({"pub", "chat", "-"}).value()).data, "-");
}

TEST(CommandLine, TakesAllFlagsOfSub) {
  const auto command = parse({"sub", "a", "b", "--transport", "sse", "--after", "e:1,-", "--count",
                              "3", "--interval", "0.5", "--silence", "2"});
  ASSERT_TRUE(command);
  const auto& sub = std::get<SubCommand>(*command);
  EXPECT_THAT(sub.channels, ElementsAre("a", "b"));
  EXPECT_EQ(sub.transport, client::Transport::Sse);
  EXPECT_EQ(sub.after, "e:1,-");
  EXPECT_EQ(sub.count, 3U);
  EXPECT_EQ(sub.poll_interval_s, 0.5);
  EXPECT_EQ(sub.silence_s, 2);
  const auto plain = std::get<SubCommand>(parse({"sub", "a"}).value());
  EXPECT_EQ(plain.transport, client::Transport::WebSocket);
  EXPECT_EQ(plain.history, 0U);
  EXPECT_EQ(plain.client.server, kDefaultServer);
  EXPECT_EQ(client_options(plain.client).server.to_text(), kDefaultServer);
}

TEST(CommandLine, TakesTheServerFromTheEnvironmentUnlessAFlagSaysIt) {
  ::setenv("CARILLON_URL", "http://from-environment", 1);
  const auto server = [](std::vector<const char*> words) {
    return std::get<ChannelsCommand>(parse(std::move(words)).value()).client.server;
  };
  EXPECT_EQ(server({"channels"}), "http://from-environment");
  EXPECT_EQ(server({"channels", "--server", "http://from-flag"}), "http://from-flag");
  ::setenv("CARILLON_URL", "wss://x", 1);
  EXPECT_EQ(failure_of({"channels"}), kExitUsage);
  EXPECT_TRUE(parse({"version"}));
  ::unsetenv("CARILLON_URL");
}

TEST(CommandLine, ToldWrongSaysSoWithExitCodeTwo) {
  for (const std::vector<const char*>& words :
       std::vector<std::vector<const char*>>{{},
                                             {"ring"},
                                             {"--loud"},
                                             {"serve", "--loud"},
                                             {"serve", "extra"},
                                             {"serve", "--listen"},
                                             {"serve", "--listen", "127.0.0.1:1", "127.0.0.1:2"},
                                             {"serve", "version"},
                                             {"serve", "--config", "a", "--config", "b"},
                                             {"check-config", "--reactors", "1"},
                                             {"check-config", "--print", "--template"}}) {
    EXPECT_EQ(failure_of(words), kExitUsage) << testing::PrintToString(words);
  }
  EXPECT_EQ(failure_of({"--help"}), kExitOk);
  EXPECT_EQ(failure_of({"serve", "--help"}), kExitOk);
}

struct Told {
  int code;
  std::string out;
  std::string problems;
};

Told check(CheckConfigCommand command) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int code = check_config(command);
  std::fflush(nullptr);
  std::string out = testing::internal::GetCapturedStdout();
  return {code, std::move(out), testing::internal::GetCapturedStderr()};
}

TEST(CheckConfig, SaysOkOrAllThatIsWrong) {
  EXPECT_EQ(check({}).out, "ok\n");
  EXPECT_EQ(check({}).code, kExitOk);
  const Told told = check({.sources = {.file = {},
                                       .environment = {{"CARILLON_SSE_RETRY_MS", "0"},
                                                       {"CARILLON_SERVER_REACTORS", "x"}},
                                       .flags = {}}});
  EXPECT_EQ(told.code, kExitFailure);
  EXPECT_EQ(told.out, "");
  EXPECT_THAT(told.problems, HasSubstr("CARILLON_SSE_RETRY_MS: [sse] retry_ms must be"));
  EXPECT_THAT(told.problems, HasSubstr("\nCARILLON_SERVER_REACTORS: [server] reactors must be"));
}

TEST(CheckConfig, PrintsTheSettingsInEffect) {
  const Told told =
      check({.sources = {.file = {}, .environment = {{"CARILLON_SSE_RETRY_MS", "77"}}, .flags = {}},
             .output = ConfigOutput::Effective});
  EXPECT_EQ(told.code, kExitOk);
  EXPECT_THAT(told.out, HasSubstr("retry_ms = 77\n"));
}

TEST(CheckConfig, PrintsATemplateWhateverTheEnvironmentSays) {
  const Told told =
      check({.sources = {.file = {}, .environment = {{"CARILLON_SSE_RETRY_MS", "x"}}, .flags = {}},
             .output = ConfigOutput::Template});
  EXPECT_EQ(told.code, kExitOk);
  EXPECT_THAT(told.out, HasSubstr("#retry_ms = 2000\n"));
}

}  // namespace
}  // namespace carillon::app
