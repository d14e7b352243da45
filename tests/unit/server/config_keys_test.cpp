#include "server/config_keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace carillon::server {
namespace {

/// A value that the key takes and that is not its default.
template <class Target>
ConfigValue another_value(const ConfigKey<Target>& key) {
  const ConfigValue current = key.get(Target{});
  using Texts = std::vector<std::string>;
  std::vector<ConfigValue> candidates = {Texts{"127.0.0.1:9"},
                                         Texts{"publish"},
                                         Texts{"subscribe"},
                                         Texts{"a.b"},
                                         Texts{"http://a.b"},
                                         Texts{"::1"},
                                         Texts{"message=news"},
                                         "/x",
                                         "json",
                                         "debug",
                                         "conflate",
                                         "none",
                                         "never",
                                         "epoll",
                                         "tests/vectors/keys.json",
                                         "http://a.b/c",
                                         "on",
                                         "off",
                                         "both",
                                         "anyone",
                                         "1.3",
                                         "required",
                                         "max-age=1",
                                         Texts{"alice:wonder"},
                                         Texts{"stun:a.b"},
                                         Texts{"turn:a.b"},
                                         "relay",
                                         std::string(32, 's')};
  if (const auto* integer = std::get_if<std::int64_t>(&current)) {
    candidates = {*integer + 1, *integer - 1};
  }
  for (const ConfigValue& candidate : candidates) {
    const bool taken = problems_of(key.rule, key.kind(), candidate).empty();
    if (taken && candidate != current) return candidate;
  }
  ADD_FAILURE() << "no other value for " << key.name;
  return current;
}

template <class Target>
void expect_own_fields(const std::vector<ConfigKey<Target>>& keys) {
  for (const auto& key : keys) {
    Target target;
    const ConfigValue value = another_value(key);
    key.set(target, value);
    EXPECT_EQ(key.get(target), value) << key.name;
    for (const auto& other : keys) {
      if (&other == &key) continue;
      EXPECT_EQ(other.get(target), other.get(Target{})) << key.name << " sets " << other.name;
    }
  }
}

TEST(ConfigKeys, SetAFieldEachAndNoOther) {
  expect_own_fields(config_keys());
  expect_own_fields(namespace_keys());
  expect_own_fields(api_key_keys());
}

TEST(ConfigKeys, HaveDefaultsThatAreAllowed) {
  for (const auto& key : config_keys()) {
    EXPECT_THAT(problems_of(key.rule, key.kind(), key.get(Config{})), testing::IsEmpty())
        << key.section << " " << key.name;
    EXPECT_FALSE(key.doc.empty()) << key.name;
  }
  for (const auto& key : namespace_keys()) {
    EXPECT_THAT(problems_of(key.rule, key.kind(), key.get(NamespaceConfig{})), testing::IsEmpty());
  }
}

TEST(ConfigKeys, HaveNamesOfTheirOwnInSectionsThatExist) {
  std::set<std::string> names;
  for (const auto& key : config_keys()) {
    const auto sections = config_sections();
    EXPECT_TRUE(std::any_of(sections.begin(), sections.end(), [&key](const ConfigSection& section) {
      return section.name == key.section;
    })) << key.section;
    EXPECT_TRUE(names.insert(std::string(key.section) + "." + std::string(key.name)).second);
  }
}

}  // namespace
}  // namespace carillon::server
