#include "server/config_print.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "server/config_file.hpp"
#include "server/config_keys.hpp"

namespace carillon::server {
namespace {

using testing::HasSubstr;
using testing::Not;

Result<Config, std::vector<ConfigProblem>> load(std::string_view text) {
  ConfigDraft draft;
  apply_toml(text, "c.toml", draft);
  return std::move(draft).finish();
}

/// The lines of the file that stand in the source tree.
std::vector<std::string> packaged_lines() {
  std::ifstream file("packaging/carillon.toml");  // tests run at the root
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

/// As somebody would uncomment it: keys and sections have no space after their `#`.
std::string uncommented(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    const bool is_setting = line.size() > 1 && line[0] == '#' && line[1] != ' ';
    text += (is_setting ? line.substr(1) : line) + '\n';
  }
  return text;
}

TEST(PackagedConfig, IsWhatTheProgramPrints) {
  std::string text;
  for (const std::string& line : packaged_lines()) text += line + '\n';
  EXPECT_EQ(text, template_toml())
      << "write it anew: carillon check-config --template > packaging/carillon.toml";
}

TEST(PackagedConfig, ChangesNothingAsItIs) {
  std::string text;
  for (const std::string& line : packaged_lines()) text += line + '\n';
  const auto config = load(text);
  ASSERT_TRUE(config);
  EXPECT_EQ(effective_toml(*config), effective_toml(Config{}));
}

TEST(PackagedConfig, ShowsEveryKeyOnceWithItsDefault) {
  const auto lines = packaged_lines();
  const auto of_namespace = std::find(lines.begin(), lines.end(), "#[namespace.chat]");
  const auto count = [&lines](auto first, std::string_view name) {
    const std::string start = "#" + std::string(name) + " = ";
    return std::count_if(first, lines.end(),
                         [&start](const std::string& line) { return line.starts_with(start); });
  };
  for (const auto& key : config_keys()) EXPECT_GE(count(lines.begin(), key.name), 1) << key.name;
  for (const auto& key : namespace_keys()) EXPECT_EQ(count(of_namespace, key.name), 1) << key.name;

  std::string text = uncommented(lines);
  const std::string secret = "\nsecret = \"";  // the last one is an API key's, which needs one
  text.insert(text.rfind(secret) + secret.size(), std::string(32, 's'));
  const auto config = load(text);
  ASSERT_TRUE(config) << to_text(config.error()[0]);
  const Config defaults;
  for (const auto& key : config_keys()) {
    EXPECT_EQ(key.get(*config), key.get(defaults)) << key.section << " " << key.name;
  }
  ASSERT_EQ(config->namespaces.count("chat"), 1U);
  for (const auto& key : namespace_keys()) {
    EXPECT_EQ(key.get(config->namespaces.at("chat")), key.get(NamespaceConfig{})) << key.name;
  }
  const auto of_api_key = std::find(lines.begin(), lines.end(), "#[api_key.back_end]");
  for (const auto& key : api_key_keys()) EXPECT_EQ(count(of_api_key, key.name), 1) << key.name;
  EXPECT_EQ(config->access.stance, access::Stance::Configured);
}

TEST(PackagedConfig, FitsOnAScreen) {
  std::istringstream text(template_toml());
  for (std::string line; std::getline(text, line);) EXPECT_LE(line.size(), 100U) << line;
}

TEST(EffectiveConfig, ReadsBackTheSame) {
  const auto config = load(R"(
[server]
listen = ["127.0.0.1:1"]
data_dir = "a\"b\\c\u0001\n\u00e9"
log_format = "json"
[access]
anonymous = ["publish", "history"]
hosts = ["example.com"]
[namespace."a.b"]
outbox = "drop_oldest"
history_count = 20_000
)");
  ASSERT_TRUE(config);
  const std::string text = effective_toml(*config);
  const auto again = load(text);
  ASSERT_TRUE(again) << to_text(again.error()[0]);
  EXPECT_EQ(effective_toml(*again), text);
  EXPECT_EQ(again->server.data_dir, "a\"b\\c\x01\n\xc3\xa9");
  EXPECT_EQ(again->namespaces.at("a.b").outbox, OutboxPolicy::DropOldest);
  EXPECT_EQ(again->access.stance, access::Stance::Configured);
}

TEST(EffectiveConfig, HasNoAccessSectionWhereThereIsNone) {
  EXPECT_THAT(effective_toml(Config{}), Not(HasSubstr("[access]")));
}

TEST(EffectiveConfig, NeverShowsTheSecret) {
  Config config;
  EXPECT_THAT(effective_toml(config), HasSubstr("secret = \"\"\n"));
  config.server.secret = "0123456789abcdef0123456789abcdef";
  EXPECT_THAT(effective_toml(config), Not(HasSubstr(config.server.secret)));
  EXPECT_THAT(effective_toml(config), HasSubstr("# secret is set, and not shown\n"));
  EXPECT_TRUE(load(effective_toml(config)));
}

}  // namespace
}  // namespace carillon::server
