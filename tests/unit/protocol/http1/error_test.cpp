#include "protocol/http1/error.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace carillon::http1 {
namespace {

constexpr int kLast = static_cast<int>(ParseError::Truncated);

TEST(ParseErrors, HaveTheStatusOfTheLaw) {
  const std::map<ParseError, int> special{
      {ParseError::MethodTooLong, 501},         {ParseError::TargetTooLong, 414},
      {ParseError::UnsupportedVersion, 505},    {ParseError::TooManyFields, 431},
      {ParseError::HeaderTooLarge, 431},        {ParseError::UnknownTransferCoding, 501},
      {ParseError::ChunkExtensionTooLong, 413}, {ParseError::BodyTooLarge, 413},
      {ParseError::InvalidStatusLine, 502},     {ParseError::Truncated, 502}};
  for (int value = 0; value <= kLast; ++value) {
    const auto error = static_cast<ParseError>(value);
    const auto found = special.find(error);
    EXPECT_EQ(status_of(error), found == special.end() ? 400 : found->second) << explain(error);
  }
}

TEST(ParseErrors, AreExplainedEachInItsOwnWords) {
  std::set<Bytes> texts;
  for (int value = 0; value <= kLast; ++value) {
    const Bytes text = explain(static_cast<ParseError>(value));
    EXPECT_TRUE(texts.insert(text).second) << text;
    EXPECT_TRUE(text.ends_with('.') || text.ends_with('?')) << text;
  }
}

}  // namespace
}  // namespace carillon::http1
