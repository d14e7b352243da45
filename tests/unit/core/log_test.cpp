#include "core/log.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace carillon {
namespace {

/// What the process says on standard error meanwhile.
template <class Action>
std::string said(LogFormat format, const std::string& level, Action action) {
  testing::internal::CaptureStderr();
  set_up_logging(format, level);
  action();
  return testing::internal::GetCapturedStderr();
}

TEST(Log, WritesOneLineOfText) {
  const std::string line = said(LogFormat::Text, "info", [] { log::warn("node {} left", 7); });
  EXPECT_TRUE(line.ends_with(" warning node 7 left\n")) << line;
  EXPECT_EQ(line.find('T'), 10U) << line;
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
  const std::string lines = said(LogFormat::Text, "warn", [] {
    log::debug("debug");
    log::info("info");
    log::error("error");
  });
  EXPECT_EQ(lines.find("info"), std::string::npos);
  EXPECT_EQ(lines.find("debug"), std::string::npos);
  EXPECT_NE(lines.find("error"), std::string::npos);
}

TEST(Log, OffIsALevel) {
  EXPECT_EQ(said(LogFormat::Text, "off", [] { log::error("quiet"); }), "");
}

TEST(Log, RefusesAnUnknownLevel) {
  EXPECT_THROW(set_up_logging(LogFormat::Text, "loud"), std::invalid_argument);
  EXPECT_THROW(set_up_logging(LogFormat::Text, ""), std::invalid_argument);
}

TEST(Log, WritesOneJsonObjectWhateverTheMessageHolds) {
  const std::string message = "quote \" backslash \\ newline \n zero \x01 delete \x7f \u00e9";
  const std::string line = said(LogFormat::Json, "info", [&] { log::info("{}", message); });
  const auto object = nlohmann::json::parse(line);
  EXPECT_EQ(object["message"], message);
  EXPECT_EQ(object["level"], "info");
  EXPECT_GT(object["time_ms"].get<std::int64_t>(), 1'700'000'000'000);
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
}

TEST(Log, JsonStaysUtf8WhenTheMessageIsNot) {
  const std::string line = said(LogFormat::Json, "info", [] { log::info("a\xff\xc3z"); });
  EXPECT_EQ(nlohmann::json::parse(line)["message"], "a\ufffd\ufffdz");
}

}  // namespace
}  // namespace carillon
