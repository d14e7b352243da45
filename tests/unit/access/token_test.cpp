#include "access/token.hpp"

#include <gtest/gtest.h>

#include "core/base64.hpp"

namespace carillon::access {
namespace {

const std::string kSecret(32, 's');
constexpr Timestamp kNow{1'700'000'000'000'000};  // µs

TokenRules rules() {
  TokenRules rules;
  rules.keys.add({}, *VerificationKey::of_secret(kSecret));
  return rules;
}

Result<Claims, TokenError> claims_of(Bytes payload, const TokenRules& with = rules()) {
  return verify_token(mint_token(payload, kSecret), with, kNow);
}

TokenError error_of(Bytes payload, const TokenRules& with = rules()) {
  const auto claims = claims_of(payload, with);
  EXPECT_FALSE(claims) << payload;
  return claims ? TokenError::Malformed : claims.error();
}

std::string with_header(Bytes header, Bytes secret = kSecret) {
  const std::string text = base64url_encode(header) + "." + base64url_encode("{}");
  return text + "." + base64url_encode(sign_with_secret(Algorithm::Hs256, text, secret));
}

TokenError header_error(Bytes header) {
  const auto claims = verify_token(with_header(header), rules(), kNow);
  EXPECT_FALSE(claims) << header;
  return claims ? TokenError::WrongIssuer : claims.error();
}

TEST(Token, SaysWhoAndWhat) {
  const auto claims = claims_of(R"({"sub":"ann","exp":1700000060,)"
                                R"("channels":{"chat:*":["subscribe"],"news":["publish","new"]}})");
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->user, "ann");
  EXPECT_EQ(claims->expires, (Timestamp{1'700'000'070'000'000})) << "with the leeway";
  EXPECT_TRUE(claims->grants.allow(Action::Subscribe, "chat:a"));
  EXPECT_FALSE(claims->grants.allow(Action::Publish, "chat:a"));
  EXPECT_TRUE(claims->grants.allow(Action::Publish, "news"));
  EXPECT_TRUE(claims->grants.allow(Action::Ephemeral, "news"));
  EXPECT_FALSE(claims->grants.allow(Action::Subscribe, "news"));
}

TEST(Token, MaySayNothing) {
  const auto claims = claims_of("{}");
  ASSERT_TRUE(claims);
  EXPECT_TRUE(claims->user.empty());
  EXPECT_FALSE(claims->expires);
  EXPECT_FALSE(claims->grants.allow(Action::Subscribe, "a"));
}

TEST(Claims, OfABackEndHaveTheNamesOfTokensOrPlainOnes) {
  const Bytes plain =
      R"({"user":"ann","channels":{"a":["publish"]},"expires_at":2000000000,"x":1})";
  const Bytes like_a_token = R"({"sub":"ann","channels":{"a":["publish"]},"exp":2000000000})";
  for (const Bytes text : {plain, like_a_token}) {
    const auto claims = read_claims(text, kNow);
    ASSERT_TRUE(claims);
    EXPECT_EQ(claims->user, "ann");
    EXPECT_TRUE(claims->grants.allow(Action::Publish, "a"));
    EXPECT_EQ(claims->expires, Timestamp{2'000'000'000'000'000});  // without a leeway
  }
  EXPECT_TRUE(read_claims("{}", kNow));
  EXPECT_EQ(read_claims("[]", kNow).error(), TokenError::Malformed);
  EXPECT_EQ(read_claims(R"({"user":"a","user":"b"})", kNow).error(), TokenError::Malformed);
  EXPECT_EQ(read_claims(R"({"user":5})", kNow).error(), TokenError::BadClaims);
  EXPECT_EQ(read_claims(R"({"channels":["a"]})", kNow).error(), TokenError::BadClaims);
  EXPECT_EQ(read_claims(R"({"expires_at":1})", kNow).error(), TokenError::Expired);
}

TEST(Token, IsCheckedBeforeItIsBelieved) {
  const std::string token = mint_token(R"({"sub":"ann"})", kSecret);
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string changed = token;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verify_token(changed, rules(), kNow)) << at;
    EXPECT_FALSE(verify_token(token.substr(0, at), rules(), kNow)) << at;
  }
  EXPECT_EQ(verify_token(mint_token("{}", std::string(32, 'x')), rules(), kNow).error(),
            TokenError::BadSignature);
}

TEST(Token, HasThreePartsOfBase64url) {
  for (const Bytes text :
       {"", ".", "..", "a.b", "a.b.c.d", "a.b.c.d.e", "e30.e30.===", "{}.{}.x"}) {
    EXPECT_EQ(verify_token(text, rules(), kNow).error(), TokenError::Malformed) << text;
  }
  const std::string huge =
      mint_token(R"({"sub":")" + std::string(kMaxTokenBytes, 'a') + "\"}", kSecret);
  EXPECT_EQ(verify_token(huge, rules(), kNow).error(), TokenError::Malformed);
}

TEST(Token, NamesAnAlgorithmThatSigns) {
  for (const Bytes header : {R"({"alg":"none"})", R"({"alg":"NONE"})", R"({"alg":""})", "{}",
                             R"({"alg":["HS256"]})", R"({"alg":"hs256"})"}) {
    EXPECT_EQ(header_error(header), TokenError::UnknownAlgorithm) << header;
  }
  const std::string unsigned_token = base64url_encode(R"({"alg":"none"})") + ".e30.";
  EXPECT_FALSE(verify_token(unsigned_token, rules(), kNow));
  EXPECT_EQ(header_error(R"({"alg":"RS256"})"), TokenError::UnknownKey);
}

TEST(Token, OfOneMeaningAlone) {
  EXPECT_EQ(header_error(R"({"alg":"HS256","alg":"HS256"})"), TokenError::Malformed);
  EXPECT_EQ(header_error(R"({"alg":"HS256","crit":["b64"],"b64":false})"), TokenError::Critical);
  EXPECT_EQ(header_error("[]"), TokenError::Malformed);
  EXPECT_EQ(header_error(R"({"alg":"HS256","kid":7})"), TokenError::Malformed);
  EXPECT_EQ(error_of(R"({"sub":"ann","sub":"bob"})"), TokenError::BadClaims);
  EXPECT_EQ(error_of("[1]"), TokenError::BadClaims);
  EXPECT_EQ(error_of(std::string(20, '[') + std::string(20, ']')), TokenError::BadClaims);
  EXPECT_EQ(error_of("{\"sub\":\"\xff\"}"), TokenError::BadClaims);
}

/// It must not take a time that grows with the square: under the sanitizers that would be minutes.
TEST(Token, OfManySmallObjectsIsReadInOnePass) {
  std::string many = R"({"alg":"HS256","a":[)";
  while (many.size() < 5'900) many += "{},";
  many += "{}]}";
  for (int round = 0; round < 50; ++round) EXPECT_FALSE(verify_token(with_header(many), {}, kNow));
}

TEST(Token, AKeyInTheHeaderIsNoKey) {
  const std::string header = R"({"alg":"HS256","jwk":{"kty":"oct","k":")" +
                             base64url_encode(std::string(32, 'x')) + "\"}}";
  EXPECT_EQ(verify_token(with_header(header, std::string(32, 'x')), rules(), kNow).error(),
            TokenError::BadSignature);
}

TEST(Token, HasItsTimeWithinTheLeeway) {
  EXPECT_TRUE(claims_of(R"({"exp":1699999991})"));
  EXPECT_EQ(error_of(R"({"exp":1699999990})"), TokenError::Expired);
  EXPECT_EQ(error_of(R"({"exp":0})"), TokenError::Expired);
  EXPECT_TRUE(claims_of(R"({"nbf":1700000010,"iat":1700000010})"));
  EXPECT_EQ(error_of(R"({"nbf":1700000011})"), TokenError::NotYetValid);
  EXPECT_EQ(error_of(R"({"iat":1700000011})"), TokenError::NotYetValid);
  EXPECT_TRUE(claims_of(R"({"exp":1700000000.5})"));
  for (const Bytes date : {"\"1800000000\"", "-1", "1e300", "1800000000000", "null", "true"}) {
    EXPECT_EQ(error_of(R"({"exp":)" + std::string(date) + "}"), TokenError::BadClaims) << date;
  }
}

TEST(Token, IsFromWhomAndForWhomItShouldBe) {
  TokenRules strict = rules();
  strict.issuer = "app";
  strict.audience = "live";
  EXPECT_TRUE(claims_of(R"({"iss":"app","aud":"live"})", strict));
  EXPECT_TRUE(claims_of(R"({"iss":"app","aud":["x","live"]})", strict));
  EXPECT_EQ(error_of(R"({"aud":"live"})", strict), TokenError::WrongIssuer);
  EXPECT_EQ(error_of(R"({"iss":["app"],"aud":"live"})", strict), TokenError::WrongIssuer);
  EXPECT_EQ(error_of(R"({"iss":"app"})", strict), TokenError::WrongAudience);
  EXPECT_EQ(error_of(R"({"iss":"app","aud":["x",["live"]]})", strict), TokenError::WrongAudience);
  EXPECT_EQ(error_of(R"({"aud":"somebody else"})"), TokenError::WrongAudience);
}

TEST(Token, WithClaimsOfAnotherShapeIsRefused) {
  for (const Bytes payload : {R"({"sub":1})", R"({"sub":"a\nb"})", R"({"channels":[]})",
                              R"({"channels":{"a":"subscribe"}})", R"({"channels":{"a":[1]}})",
                              R"({"channels":{"":["*"]}})", R"({"channels":{"a*b":["*"]}})"}) {
    EXPECT_EQ(error_of(payload), TokenError::BadClaims) << payload;
  }
  EXPECT_EQ(error_of(R"({"sub":")" + std::string(257, 'a') + "\"}"), TokenError::BadClaims);
}

TEST(Token, NamesItselfAndWhatItsHolderJoins) {
  const auto claims = claims_of(R"({"jti":"t1","iat":1700000000,"info":{"color":"red"},)"
                                R"("join":["news","chat:a"]})");
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->id, "t1");
  EXPECT_EQ(claims->issued, kNow);
  EXPECT_EQ(claims->info, R"({"color":"red"})");
  EXPECT_EQ(claims->join, (std::vector<std::string>{"news", "chat:a"}));
  EXPECT_TRUE(claims->grants.allow(Action::Subscribe, "chat:a"));
  EXPECT_FALSE(claims->grants.allow(Action::Publish, "chat:a"));
  EXPECT_FALSE(claims->grants.allow(Action::Subscribe, "chat:b"));
}

TEST(Token, IsRefusedWithWhatIsNoIdInfoOrJoin) {
  for (const Bytes payload :
       {Bytes(R"({"jti":1})"), Bytes(R"({"jti":"a\u0001"})"), Bytes(R"({"join":"news"})"),
        Bytes(R"({"join":[1]})"), Bytes(R"({"join":["chat:*"]})"), Bytes(R"({"join":[""]})")}) {
    EXPECT_EQ(error_of(payload), TokenError::BadClaims);
  }
  EXPECT_EQ(error_of(R"({"info":")" + std::string(kMaxTokenInfoBytes, 'i') + "\"}"),
            TokenError::BadClaims);
  std::string joins = R"("c")";
  for (std::size_t i = 0; i < kMostJoins; ++i) joins += R"(,"c")";
  EXPECT_EQ(error_of(R"({"join":[)" + joins + "]}"), TokenError::BadClaims);
}

}  // namespace
}  // namespace carillon::access
