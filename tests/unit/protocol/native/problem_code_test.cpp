#include "protocol/native/problem_code.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/vectors/read_vectors.hpp"

namespace carillon::native {
namespace {

TEST(ProblemCode, TheTableIsTheVectors) {
  nlohmann::json table = nlohmann::json::array();
  for (const ProblemInfo& info : problem_table()) {
    table.push_back({{"code", info.text},
                     {"status", info.status},
                     {"close_code", info.close_code},
                     {"title", info.title}});
  }
  EXPECT_EQ(table, testing::read_vectors("native", "problem_codes"));
}

TEST(ProblemCode, EachFindsItsOwnLine) {
  for (const ProblemInfo& info : problem_table()) EXPECT_EQ(&problem_info(info.code), &info);
}

}  // namespace
}  // namespace carillon::native
