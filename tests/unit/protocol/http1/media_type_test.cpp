#include "protocol/http1/media_type.hpp"

#include <gtest/gtest.h>

namespace carillon::http1 {
namespace {

TEST(MediaType, IsATypeAndASubtype) {
  const auto media = parse_media_type(" Text/HTML ");
  ASSERT_TRUE(media);
  EXPECT_TRUE(media->is("text", "html"));
  EXPECT_TRUE(media->is_text());
  EXPECT_FALSE(media->is_json());
  EXPECT_FALSE(media->parameter("charset"));
}

TEST(MediaType, HasParameters) {
  const auto media = parse_media_type("text/plain ; Charset=UTF-8;;a=\"b\\\"; \\c\" ; a=d;");
  ASSERT_TRUE(media);
  EXPECT_EQ(media->parameter("charset"), "UTF-8");
  EXPECT_EQ(media->parameter("A"), "b\"; c");
  EXPECT_FALSE(media->parameter("b"));
  EXPECT_FALSE(media->parameter(""));
}

TEST(MediaType, IsJsonByNameOrSuffix) {
  for (const Bytes text : {"application/json", "APPLICATION/JSON; charset=utf-8",
                           "application/problem+json", "image/x+JSON"}) {
    EXPECT_TRUE(parse_media_type(text)->is_json()) << text;
  }
  for (const Bytes text :
       {"text/json", "application/jsonx", "application/+json", "application/json+xml", "a/json"}) {
    EXPECT_FALSE(parse_media_type(text)->is_json()) << text;
  }
}

TEST(MediaType, KnowsForms) {
  EXPECT_TRUE(parse_media_type("application/x-www-form-urlencoded")->is_form_urlencoded());
  EXPECT_FALSE(parse_media_type("multipart/form-data; boundary=a")->is_form_urlencoded());
}

TEST(MediaType, IsNothingElse) {
  for (const Bytes text : {"",
                           "text",
                           "text/",
                           "/plain",
                           "text /plain",
                           "text/ plain",
                           "text/plain, text/html",
                           "text/plain x",
                           "text/plain;a",
                           "text/plain;a=",
                           "text/plain;a =b",
                           "text/plain;a= b",
                           "text/plain;=b",
                           "text/plain;a=\"",
                           "text/plain;a=\"b",
                           "text/plain;a=\"b\\\"",
                           "text/plain;a=\"b\"c",
                           "text/plain;a=\"\x01\"",
                           "text/plain;a=\"\\\x01\"",
                           "t\xC3/plain"}) {
    EXPECT_FALSE(parse_media_type(text)) << text;
  }
}

}  // namespace
}  // namespace carillon::http1
