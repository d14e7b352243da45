#include "server/schema_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "server/config_draft.hpp"
#include "server/config_file.hpp"

namespace carillon::server {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class SchemaFile : public testing::Test {
 protected:
  std::string path_ = testing::TempDir() + "carillon_schema_" +
                      testing::UnitTest::GetInstance()->current_test_info()->name();
  void TearDown() override { std::remove(path_.c_str()); }

  void write(const std::string& text) { std::ofstream(path_) << text; }
  std::string error() {
    const auto schema = read_schema(path_);
    return schema ? "" : schema.error();
  }
};

TEST_F(SchemaFile, IsReadAndServes) {
  write(R"({"type":"string"})");
  const auto schema = read_schema(path_);
  ASSERT_TRUE(schema);
  EXPECT_TRUE(schema->check("\"x\""));
  EXPECT_FALSE(schema->check("1"));
}

TEST_F(SchemaFile, TellsPathAndLineOfWhatIsNotServed) {
  write("{\n\"items\": {\n\"patternProperties\": {}}}");
  EXPECT_THAT(error(), StartsWith(path_ + ":3: 'patternProperties' is not supported: "));
}

TEST_F(SchemaFile, MustBeThereAndBeAFileOfReasonableSize) {
  EXPECT_EQ(error(), path_ + ": cannot be read: No such file or directory");
  EXPECT_THAT(read_schema(testing::TempDir()).error(), HasSubstr(": cannot be read: "));
  write("true" + std::string(1024 * 1024, ' '));
  EXPECT_EQ(error(), path_ + ": is larger than 1 MiB");
}

TEST_F(SchemaFile, IsAProblemOfTheSettingThatNamesIt) {
  write("{\n\n\"type\": \"text\"}");
  ConfigDraft draft;
  apply_toml("[namespace.chat]\nhistory_count = 1\nschema = \"" + path_ + "\"\n", "x.toml", draft);
  const auto config = std::move(draft).finish();
  ASSERT_FALSE(config);
  ASSERT_EQ(config.error().size(), 1U);
  EXPECT_THAT(to_text(config.error()[0]),
              StartsWith("x.toml:3:10: [namespace.chat] schema " + path_ + ":3: 'type' must be"));
}

}  // namespace
}  // namespace carillon::server
