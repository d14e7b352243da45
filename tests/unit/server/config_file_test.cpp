#include "server/config_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>

namespace carillon::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<Config, std::vector<ConfigProblem>> load(std::string_view text) {
  ConfigDraft draft;
  apply_toml(text, "c.toml", draft);
  return std::move(draft).finish();
}

std::vector<std::string> problems(std::string_view text) {
  const auto config = load(text);
  std::vector<std::string> texts;
  if (config) return texts;
  for (const ConfigProblem& problem : config.error()) texts.push_back(to_text(problem));
  return texts;
}

TEST(ConfigFile, MayBeEmpty) {
  EXPECT_TRUE(load(""));
  EXPECT_TRUE(load("# nothing\n[server]\n[history]\n"));
}

TEST(ConfigFile, SetsEveryKindOfValue) {
  const auto config = load(R"(
[server]
listen = ["127.0.0.1:1", "unix:/x"]
reactors = 3
log_format = "json"
drain_s = 7
[http]
base_path = "/realtime"
max_body_bytes = 2_000_000
[sse]
retry_ms = 250
[channels]
metadata_days = 2
[access]
anonymous = ["publish"]
[namespace."chat.room"]
outbox = "conflate"
)");
  ASSERT_TRUE(config);
  EXPECT_THAT(config->server.listen, ElementsAre("127.0.0.1:1", "unix:/x"));
  EXPECT_EQ(config->server.reactors, 3U);
  EXPECT_EQ(config->server.log_format, LogFormat::Json);
  EXPECT_EQ(config->server.drain, std::chrono::seconds(7));
  EXPECT_EQ(config->http.base_path, "/realtime");
  EXPECT_EQ(config->http.max_body_bytes, 2'000'000U);
  EXPECT_EQ(config->sse.retry, std::chrono::milliseconds(250));
  EXPECT_EQ(config->channels.metadata_age, std::chrono::days(2));
  EXPECT_EQ(config->access.stance, access::Stance::Configured);
  EXPECT_THAT(config->access.anonymous, ElementsAre("publish"));
  EXPECT_EQ(config->namespaces.at("chat.room").outbox, OutboxPolicy::Conflate);
}

TEST(ConfigFile, TakesAnEmptyAccessSectionForOne) {
  EXPECT_EQ(load("[access]\n").value().access.stance, access::Stance::Configured);
  EXPECT_EQ(load("").value().access.stance, access::Stance::LocalOnly);
}

TEST(ConfigFile, PlacesAnUnknownKeyAndNamesTheNearest) {
  EXPECT_THAT(
      problems("[server]\n  lisen = []\n"),
      ElementsAre("c.toml:2:3: unknown key \"lisen\" in [server]; did you mean \"listen\"?"));
  EXPECT_THAT(problems("server.reactor = 2"),
              ElementsAre("c.toml:1:8: unknown key \"reactor\" in [server]; did you mean "
                          "\"reactors\"?"));
  EXPECT_THAT(problems("[namespace.chat]\noutbux = \"conflate\"\n"),
              ElementsAre("c.toml:2:1: unknown key \"outbux\" in [namespace.chat]; did you mean "
                          "\"outbox\"?"));
  EXPECT_THAT(problems("[longpoll]\ncolour = 1\n"),
              ElementsAre("c.toml:2:1: unknown key \"colour\" in [longpoll]; there are default_s, "
                          "max_s"));
}

TEST(ConfigFile, TellsWhereAKeyBelongs) {
  EXPECT_THAT(
      problems("[server]\nbase_path = \"/x\"\n"),
      ElementsAre("c.toml:2:1: unknown key \"base_path\" in [server]; it belongs to [http]"));
  EXPECT_THAT(problems("anonymous = []\n"),
              ElementsAre("c.toml:1:1: unknown key \"anonymous\" outside of any section; "
                          "\"anonymous\" belongs to [access]"));
  EXPECT_THAT(problems("[history]\noutbox = \"conflate\"\n"),
              ElementsAre("c.toml:2:1: unknown key \"outbox\" in [history]; it belongs to "
                          "[namespace.NAME]"));
}

TEST(ConfigFile, PlacesAnUnknownSectionAndNamesTheNearest) {
  EXPECT_THAT(problems("\n[servr]\nlisten = []\n"),
              ElementsAre("c.toml:2:2: unknown section [servr]; did you mean [server]?"));
  EXPECT_THAT(problems("[namespaces.chat]\n"),
              ElementsAre("c.toml:1:2: unknown section [namespaces]; did you mean [namespace]?"));
  EXPECT_THAT(problems("[bananas]\n"), ElementsAre("c.toml:1:2: unknown section [bananas]"));
}

TEST(ConfigFile, NamesTheTypeThatAValueShouldHave) {
  EXPECT_THAT(problems("[server]\nreactors = \"2\"\n"),
              ElementsAre("c.toml:2:12: [server] reactors must be an integer from 0 to 256, not a "
                          "string"));
  EXPECT_THAT(problems("[server]\nreactors = 2.0\n"),
              ElementsAre(HasSubstr("not a number with decimals")));
  EXPECT_THAT(problems("[server]\nreactors = true\n"), ElementsAre(HasSubstr("not a boolean")));
  EXPECT_THAT(problems("[server]\nlog_level = 3\n"),
              ElementsAre(HasSubstr("must be one of \"trace\", \"debug\", \"info\", \"warn\", "
                                    "\"error\", \"off\", not an integer")));
  EXPECT_THAT(problems("[server]\ndata_dir = 2024-01-01\n"),
              ElementsAre("c.toml:2:12: [server] data_dir must be a string, not a date or a time"));
  EXPECT_THAT(problems("[server]\nlisten = \"127.0.0.1:8000\"\n"),
              ElementsAre("c.toml:2:10: [server] listen must be a list of strings, e.g. [\"a\", "
                          "\"b\"], not a string"));
  EXPECT_THAT(problems("[access]\nhosts = [\"a\", 1]\n"),
              ElementsAre(HasSubstr("not a list with other things")));
  EXPECT_THAT(problems("[http.base_path]\n"), ElementsAre(HasSubstr("not a table")));
  EXPECT_THAT(problems("server = 1\n"),
              ElementsAre("c.toml:1:10: [server] must be a table, not an integer"));
  EXPECT_THAT(problems("[[server]]\n"), ElementsAre(HasSubstr("must be a table, not a list")));
  EXPECT_THAT(problems("[namespace]\nchat = 1\n"), ElementsAre(HasSubstr("[namespace.chat]")));
}

TEST(ConfigFile, HoldsValuesToTheirRange) {
  EXPECT_THAT(problems("[server]\nreactors = 257\n"),
              ElementsAre("c.toml:2:12: [server] reactors must be an integer from 0 to 256, not "
                          "257"));
  EXPECT_TRUE(load("[server]\nreactors = 256\n"));
  EXPECT_THAT(problems("[server]\nreactors = -1\n"), ElementsAre(HasSubstr("not -1")));
  EXPECT_THAT(problems("[server]\nlog_level = \"INFO\"\n"), ElementsAre(HasSubstr("not \"INFO\"")));
  EXPECT_THAT(problems("[namespace.a]\noutbox = \"drop\"\n"),
              ElementsAre("c.toml:2:10: [namespace.a] outbox must be one of \"disconnect\", "
                          "\"drop_oldest\", \"conflate\", not \"drop\""));
  EXPECT_THAT(problems("[server]\nlisten = [\"127.0.0.1\", \"[::1]:0\", \"x\"]\n").size(), 2U);
  for (const char* path : {"realtime", "/", "/a/", "//a", "/a//b", "/a b", "/../a", "/a?b", "/ä"}) {
    EXPECT_THAT(problems("[http]\nbase_path = \"" + std::string(path) + "\"\n").size(), 1U) << path;
  }
}

TEST(ConfigFile, ChecksTheEntriesOfAccess) {
  EXPECT_THAT(problems("[access]\nanonymous = [\"publish\", \"read\"]\n"),
              ElementsAre("c.toml:2:13: [access] anonymous \"read\" is not one of \"subscribe\", "
                          "\"publish\", \"history\", \"ephemeral\", \"presence\""));
  EXPECT_THAT(problems("[access]\nhosts = [\"https://a.b\"]\norigins = [\"a.b\"]\n"
                       "trusted_proxies = [\"10.0.0.1/8\"]\n"),
              ElementsAre(HasSubstr("c.toml:2:9: [access] hosts \"https://a.b\""),
                          HasSubstr("c.toml:3:11: [access] origins \"a.b\""),
                          HasSubstr("c.toml:4:19: [access] trusted_proxies \"10.0.0.1/8\"")));
}

TEST(ConfigFile, NeverShowsASecretInAProblem) {
  const auto texts = problems("[server]\nsecret = \"hunter2\"\n");
  ASSERT_EQ(texts.size(), 1U);
  EXPECT_THAT(texts[0], HasSubstr("[server] secret is too short"));
  EXPECT_THAT(texts[0], testing::Not(HasSubstr("hunter2")));
}

TEST(ConfigFile, TellsAllProblemsTogetherInTheOrderOfItsLines) {
  EXPECT_THAT(
      problems("[sse]\nretry = 1\n[server]\nreactors = 1000\nlisen = []\n"
               "[access]\nanonymous = [\"all\"]\n[bananas]\n"),
      ElementsAre(HasSubstr("c.toml:2:1: "), HasSubstr("c.toml:4:12: "), HasSubstr("c.toml:5:1: "),
                  HasSubstr("c.toml:7:13: "), HasSubstr("c.toml:8:2: ")));
}

TEST(ConfigFile, PlacesASyntaxError) {
  const auto unclosed = problems("[server]\nlisten = [\"a\"\nreactors = 1\n");
  ASSERT_EQ(unclosed.size(), 1U);
  EXPECT_THAT(unclosed[0], testing::StartsWith("c.toml:3:1: "));
  EXPECT_THAT(problems("[server]\nreactors = 1\nreactors = 2\n"),
              ElementsAre(testing::StartsWith("c.toml:3:")));
  EXPECT_EQ(problems("\xff\xfe").size(), 1U);
  EXPECT_EQ(problems("a = " + std::string(100'000, '[')).size(), 1U);
}

TEST(ConfigFile, RefusesWhatIsNoNamespace) {
  EXPECT_THAT(problems("[namespace.\"a:b\"]\n"), ElementsAre(HasSubstr("\"a:b\" is no namespace")));
  EXPECT_THAT(problems("[namespace.\"\"]\n").size(), 1U);
  EXPECT_THAT(problems("[namespace.\"" + std::string(128, 'n') + "\"]\n").size(), 1U);
  EXPECT_TRUE(load("[namespace.\"" + std::string(127, 'n') + "\"]\n"));
}

TEST(ConfigFile, LeavesToNamespacesWhatIsSaidForAll) {
  const auto config = load(
      "[namespace.chat]\nhistory_count = 5\n[history]\ncount = 9\nage_s = 60\nbytes = 4096\n"
      "[namespace.other]\n[channels]\nflush_interval_ms = 7\n[namespace.game]\n"
      "flush_interval_ms = 0\n");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->namespaces.at("chat").history_count, 5U);
  EXPECT_EQ(config->namespaces.at("chat").history_age, std::chrono::seconds(60));
  EXPECT_EQ(config->namespaces.at("other").history_count, 9U);
  EXPECT_EQ(config->namespaces.at("other").history_bytes, 4096U);
  EXPECT_EQ(config->namespaces.at("other").flush_interval, std::chrono::milliseconds(7));
  EXPECT_EQ(config->namespaces.at("game").flush_interval, std::chrono::milliseconds(0));
}

class ConfigFileOnDisk : public testing::Test {
 protected:
  std::string path_ = testing::TempDir() + "carillon_config_" +
                      testing::UnitTest::GetInstance()->current_test_info()->name();
  void TearDown() override { std::remove(path_.c_str()); }

  std::vector<ConfigProblem> problems_at(const std::string& path) {
    ConfigDraft draft;
    apply_file(path, draft);
    const auto config = std::move(draft).finish();
    return config ? std::vector<ConfigProblem>{} : config.error();
  }
};

TEST_F(ConfigFileOnDisk, IsNamedInItsProblems) {
  std::ofstream(path_) << "[server]\nlisen = []\n";
  const auto found = problems_at(path_);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].source, path_);
  EXPECT_EQ(found[0].line, 2U);
}

TEST_F(ConfigFileOnDisk, MustBeThereAndBeAFile) {
  EXPECT_THAT(to_text(problems_at(path_).at(0)),
              HasSubstr(path_ + ": cannot be read: No such file"));
  ASSERT_EQ(mkdir(path_.c_str(), 0700), 0);
  EXPECT_THAT(to_text(problems_at(path_).at(0)), HasSubstr("cannot be read"));
}

TEST_F(ConfigFileOnDisk, MustNotBeHuge) {
  std::ofstream(path_) << std::string(1024 * 1024 + 1, '#');
  EXPECT_THAT(to_text(problems_at(path_).at(0)), HasSubstr("larger than 1 MiB"));
}

TEST(ConfigFile, HasApiKeysWithSecretsOfTheirOwn) {
  const std::string secret(32, 's');
  const auto config = load("[api_key.billing]\nsecret = \"" + secret +
                           "\"\nscopes = [\"publish\", \"revoke\"]\nchannels = [\"a:*\"]\n");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->api_keys.at("billing").secret, secret);
  EXPECT_EQ(config->api_keys.at("billing").scopes, (std::vector<std::string>{"publish", "revoke"}));
  EXPECT_EQ(config->written_at.at("[api_key.billing] scopes"), "c.toml:3");
  EXPECT_THAT(problems("[api_key.a]\n"), ElementsAre(HasSubstr("[api_key.a] has no secret")));
  EXPECT_THAT(problems("[api_key.a]\nsecret = \"short\"\n").front(), HasSubstr("is too short"));
  EXPECT_THAT(problems("[api_key.a]\nsecret = \"" + secret + "\"\n[api_key.b]\nsecret = \"" +
                       secret + "\"\n"),
              ElementsAre("[api_key.b] has the secret of [api_key.a]"));
  EXPECT_THAT(problems("[api_key.a]\nsecret = \"" + secret + "\"\nscopes = [\"all\"]\n"),
              ElementsAre(HasSubstr("\"all\" is not one of \"subscribe\"")));
  EXPECT_THAT(problems("[api_key.a]\nsecret = \"" + secret + "\"\nchannels = [\"a*b\"]\n"),
              ElementsAre(HasSubstr("\"a*b\" is no pattern")));
  EXPECT_THAT(problems("[api_key.\"a b\"]\nsecret = \"" + secret + "\"\n").front(),
              HasSubstr("is no name of an API key"));
}

}  // namespace
}  // namespace carillon::server
