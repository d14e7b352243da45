#include "protocol/http1/target.hpp"

#include <gtest/gtest.h>

#include "protocol/http1/percent.hpp"

namespace carillon::http1 {
namespace {

TEST(Target, OfOriginFormIsPathAndQuery) {
  const auto parts = split_target("GET", "/a/b?c?d").value();
  EXPECT_EQ(parts.form, TargetForm::Origin);
  EXPECT_EQ(parts.path, "/a/b");
  EXPECT_EQ(parts.query, "c?d");
  EXPECT_EQ(parts.authority, "");
  EXPECT_EQ(split_target("GET", "//a").value().path, "//a");
}

TEST(Target, OfAbsoluteFormHasAnAuthority) {
  const auto parts = split_target("GET", "HtTp://[::1]:8/a?b").value();
  EXPECT_EQ(parts.form, TargetForm::Absolute);
  EXPECT_EQ(parts.authority, "[::1]:8");
  EXPECT_EQ(parts.path, "/a");
  EXPECT_EQ(parts.query, "b");
}

TEST(Target, OfOtherFormsBelongsToOneMethod) {
  EXPECT_EQ(split_target("CONNECT", "a:1").value().form, TargetForm::Authority);
  EXPECT_EQ(split_target("OPTIONS", "*").value().form, TargetForm::Asterisk);
  EXPECT_EQ(split_target("options", "*").error(), ParseError::InvalidTarget);
  EXPECT_EQ(split_target("connect", "a:1").error(), ParseError::InvalidTarget);
}

TEST(Path, IsDecodedOnce) {
  EXPECT_EQ(decode_path("/a%20b%2525+").value(), "/a b%25+");
  EXPECT_EQ(decode_path("/%C3%a4").value(), "/\xC3\xA4");
  EXPECT_EQ(decode_path("*").value(), "*");
  EXPECT_EQ(decode_path("/...").value(), "/...");
  EXPECT_EQ(decode_path("/.a/b.").value(), "/.a/b.");
}

TEST(Path, HasNoDotSegments) {
  for (const Bytes path : {"/..", "/.", "/../a", "/a/./b", "/a/..", "/%2e%2E/a", "/a%2f..%2fb",
                           "/a/%2e", ".", "..", "../a"}) {
    EXPECT_EQ(decode_path(path).error(), ParseError::InvalidPath) << path;
  }
}

TEST(Path, HasNoNul) {
  EXPECT_EQ(decode_path("/a%00").error(), ParseError::InvalidPath);
}

TEST(Path, HasNoBadEscapes) {
  for (const Bytes path : {"/%", "/%1", "/%g0", "/%0g", "/%%30"}) {
    EXPECT_EQ(decode_path(path).error(), ParseError::InvalidPercentEncoding) << path;
  }
}

TEST(PercentEncoding, IsCheckedAsItIsDecoded) {
  for (const Bytes text : {"", "a", "%41", "%41%42", "%4", "%", "%4g", "a%", "%%41", "%41%"}) {
    std::string decoded;
    EXPECT_EQ(is_percent_encoded(text), append_percent_decoded(decoded, text, Plus::Itself))
        << text;
  }
}

}  // namespace
}  // namespace carillon::http1
