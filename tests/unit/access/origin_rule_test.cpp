#include "access/origin_rule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace carillon::access {
namespace {

OriginList list_of(std::initializer_list<const char*> origins) {
  OriginList list;
  for (const char* origin : origins) EXPECT_TRUE(list.add(origin)) << origin;
  return list;
}

OriginKind kind_of(const char* origin, Scheme scheme, const char* authority,
                   const OriginList& list = {}) {
  return classify_origin(list, origin, scheme, authority);
}

std::map<std::string, std::string> as_map(const std::vector<ResponseField>& fields) {
  std::map<std::string, std::string> map;
  for (const ResponseField& field : fields) map[std::string(field.name)] = field.value;
  EXPECT_EQ(map.size(), fields.size());
  return map;
}

TEST(OriginRule, KnowsThePagesOfThisServer) {
  struct Case {
    const char* origin;
    Scheme scheme;
    const char* authority;
  };
  for (const Case& c : {
           Case{"http://localhost:8000", Scheme::Http, "localhost:8000"},
           Case{"http://example.com", Scheme::Http, "example.com"},
           Case{"http://example.com", Scheme::Http, "example.com:80"},
           Case{"http://example.com:80", Scheme::Http, "example.com"},
           Case{"https://example.com", Scheme::Https, "example.com:443"},
           Case{"https://example.com", Scheme::Https, "EXAMPLE.com"},
           Case{"http://[::1]:8000", Scheme::Http, "[::1]:8000"},
           Case{"http://192.0.2.1", Scheme::Http, "192.0.2.1"},
       }) {
    EXPECT_EQ(kind_of(c.origin, c.scheme, c.authority), OriginKind::Same) << c.origin;
  }
}

TEST(OriginRule, TakesAnotherSchemeHostOrPortForAnotherOrigin) {
  struct Case {
    const char* origin;
    Scheme scheme;
    const char* authority;
  };
  for (const Case& c : {
           Case{"https://example.com", Scheme::Http, "example.com"},
           Case{"http://example.com", Scheme::Https, "example.com"},
           Case{"http://example.com:8000", Scheme::Http, "example.com"},
           Case{"http://example.com", Scheme::Http, "example.com:8000"},
           Case{"http://example.com:443", Scheme::Https, "example.com"},
           Case{"http://a.example.com", Scheme::Http, "example.com"},
           Case{"http://example.com", Scheme::Http, "a.example.com"},
           Case{"http://localhost:8000", Scheme::Http, "127.0.0.1:8000"},
           Case{"http://example.com", Scheme::Http, ""},
       }) {
    EXPECT_EQ(kind_of(c.origin, c.scheme, c.authority), OriginKind::Foreign) << c.origin;
  }
}

TEST(OriginRule, TakesMalformedOriginsForForeignOnes) {
  for (const char* origin : {"",
                             "null",
                             "NULL",
                             "localhost",
                             "//localhost",
                             "http:localhost",
                             "http:/localhost",
                             "http://localhost/",
                             "http://localhost/x",
                             "http://localhost?",
                             "http://localhost#",
                             "http://user@localhost",
                             "http://localhost@evil.com",
                             "http://localhost, http://localhost",
                             "http://localhost http://localhost",
                             " http://localhost",
                             "http://localhost ",
                             "http://localhost:80:80",
                             "1http://localhost",
                             "://localhost",
                             "http://",
                             "file://",
                             "http://localhost\\@evil.com"}) {
    EXPECT_EQ(kind_of(origin, Scheme::Http, "localhost"), OriginKind::Foreign) << origin;
  }
}

TEST(OriginRule, KnowsTheListedOrigins) {
  const OriginList list =
      list_of({"https://App.example.com", "http://localhost:5173", "https://*.example.org",
               "capacitor://localhost", "chrome-extension://abcdefgh"});
  for (const char* origin :
       {"https://app.example.com", "https://app.example.com:443", "http://localhost:5173",
        "https://a.b.example.org", "capacitor://localhost", "chrome-extension://abcdefgh"}) {
    EXPECT_EQ(kind_of(origin, Scheme::Http, "x", list), OriginKind::Listed) << origin;
  }
  for (const char* origin :
       {"http://app.example.com", "https://app.example.com:8443", "https://app.example.com.evil",
        "https://evilapp.example.com", "http://localhost", "https://example.org",
        "https://badexample.org", "http://a.example.org", "https://.example.org",
        "ionic://localhost", "null"}) {
    EXPECT_EQ(kind_of(origin, Scheme::Http, "x", list), OriginKind::Foreign) << origin;
  }
}

TEST(OriginRule, TakesAStarForEveryPageButNotForNull) {
  const OriginList list = list_of({"*"});
  EXPECT_EQ(kind_of("https://any.example", Scheme::Http, "x", list), OriginKind::Listed);
  EXPECT_EQ(kind_of("null", Scheme::Http, "x", list), OriginKind::Foreign);
  EXPECT_EQ(kind_of("https://any.example/x", Scheme::Http, "x", list), OriginKind::Foreign);
  EXPECT_EQ(kind_of("null", Scheme::Http, "x", list_of({"null"})), OriginKind::Listed);
  EXPECT_EQ(kind_of("http://a.b", Scheme::Http, "x", list_of({"null"})), OriginKind::Foreign);
}

TEST(OriginRule, RefusesForeignPagesOnlyWhatIsGuarded) {
  using enum OriginGuard;
  EXPECT_EQ(classify_origin({}, std::nullopt, Scheme::Http, "x"), OriginKind::Absent);
  for (const OriginKind kind : {OriginKind::Absent, OriginKind::Same, OriginKind::Listed}) {
    EXPECT_TRUE(decide_origin(kind, Guarded, "http://a.b").allowed());
    EXPECT_TRUE(decide_origin(kind, Open, "http://a.b").allowed());
  }
  EXPECT_TRUE(decide_origin(OriginKind::Foreign, Open, "http://a.b").allowed());
  const Decision decision = decide_origin(OriginKind::Foreign, Guarded, "http://a.b");
  EXPECT_EQ(decision.verdict, Verdict::Forbidden);
  EXPECT_THAT(decision.reason, testing::HasSubstr("add \"http://a.b\" to [access] origins"));
}

TEST(OriginList, TakesOriginsOnly) {
  OriginList list;
  for (const char* origin :
       {"", "example.com", "https://", "https://example.com/", "https://example.com/app",
        "https://*", "https://*example.com", "https://a.*.com", "*://example.com", "*.example.com",
        "https://*.", "https://exämple.com", "https://a.com, https://b.com"}) {
    EXPECT_FALSE(list.add(origin)) << origin;
  }
  EXPECT_TRUE(list.empty());
}

TEST(Cors, LetsScriptsOfListedOriginsReadTheAnswer) {
  const OriginList list = list_of({"https://a.com"});
  const auto fields = as_map(cors_fields(list, OriginKind::Listed, "https://a.com"));
  EXPECT_EQ(
      fields,
      (std::map<std::string, std::string>{
          {"Vary", "Origin"},
          {"Access-Control-Allow-Origin", "https://a.com"},
          {"Access-Control-Allow-Credentials", "true"},
          {"Access-Control-Expose-Headers", "Carillon-Position, Carillon-Gap, ETag, Retry-After"},
      }));
}

TEST(Cors, GivesNoCredentialsToEveryPage) {
  const OriginList list = list_of({"*", "https://a.com"});
  const auto fields = as_map(cors_fields(list, OriginKind::Listed, "https://b.com"));
  EXPECT_EQ(fields.count("Access-Control-Allow-Credentials"), 0U);
  EXPECT_EQ(fields.at("Access-Control-Allow-Origin"), "https://b.com");
}

TEST(Cors, TellsOthersNothingButThatTheAnswerVaries) {
  const OriginList list = list_of({"https://a.com"});
  for (const OriginKind kind : {OriginKind::Absent, OriginKind::Same, OriginKind::Foreign}) {
    EXPECT_EQ(as_map(cors_fields(list, kind, "https://b.com")),
              (std::map<std::string, std::string>{{"Vary", "Origin"}}));
    EXPECT_TRUE(cors_fields({}, kind, "https://b.com").empty());
    EXPECT_TRUE(preflight_fields(kind, "GET", "X-A").empty());
  }
}

TEST(Cors, AnswersAPreflight) {
  const auto fields = as_map(preflight_fields(OriginKind::Listed, "GET, PUT", ""));
  EXPECT_EQ(fields.at("Access-Control-Allow-Methods"), "GET, PUT");
  for (const char* name :
       {"Content-Type", "Idempotency-Key", "Carillon-Session", "Last-Event-ID"}) {
    EXPECT_THAT(fields.at("Access-Control-Allow-Headers"), testing::HasSubstr(name));
  }
  EXPECT_EQ(fields.at("Access-Control-Max-Age"), "7200");
  const auto asked = as_map(preflight_fields(OriginKind::Listed, "GET", "X-Mine, X-Other"));
  EXPECT_THAT(asked.at("Access-Control-Allow-Headers"), testing::HasSubstr(", X-Mine, X-Other"));
}

}  // namespace
}  // namespace carillon::access
