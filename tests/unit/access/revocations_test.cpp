#include "access/revocations.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "access/revocation_text.hpp"

namespace carillon::access {
namespace {

constexpr Timestamp kNow{1'000'000'000};
constexpr Timestamp kLater{kNow.microseconds + 1'000'000};

Revocation of_user(const char* name, Timestamp before, Timestamp until = kLater) {
  return {.kind = RevocationKind::User, .name = name, .before = before, .until = until};
}

Claims claims_of(const char* user, std::optional<Timestamp> issued, const char* id = "") {
  Claims claims;
  claims.user = user;
  claims.issued = issued;
  claims.id = id;
  return claims;
}

TEST(Revocations, ATokenIsRevokedByItsIdAlone) {
  Revocations revocations;
  revocations.add({.kind = RevocationKind::Token, .name = "t1", .until = kLater});
  EXPECT_TRUE(revocations.cover(claims_of("ann", kLater, "t1"), kNow));
  EXPECT_FALSE(revocations.cover(claims_of("t1", Timestamp{}, "t2"), kNow));
  EXPECT_FALSE(revocations.cover(claims_of("t1", Timestamp{}), kNow));
}

TEST(Revocations, AUsersTokensThatWereIssuedBeforeOrDoNotSayWhen) {
  Revocations revocations;
  revocations.add(of_user("ann", kNow));
  EXPECT_TRUE(revocations.cover(claims_of("ann", Timestamp{kNow.microseconds - 1}), kNow));
  EXPECT_TRUE(revocations.cover(claims_of("ann", std::nullopt), kNow));
  EXPECT_FALSE(revocations.cover(claims_of("ann", kNow), kNow));
  EXPECT_FALSE(revocations.cover(claims_of("bob", std::nullopt, "ann"), kNow));
  EXPECT_FALSE(revocations.cover(claims_of("", std::nullopt), kNow));
}

TEST(Revocations, Everybodys) {
  Revocations revocations;
  revocations.add({.kind = RevocationKind::Everybody, .before = kNow, .until = kLater});
  EXPECT_TRUE(revocations.cover(claims_of("", std::nullopt), kNow));
  EXPECT_TRUE(revocations.cover(claims_of("ann", Timestamp{}), kNow));
  EXPECT_FALSE(revocations.cover(claims_of("ann", kNow), kNow));
}

TEST(Revocations, TwoOfOneNameCoverWhatEitherCovers) {
  const Revocation wide = of_user("ann", kLater, kNow);
  const Revocation longest = of_user("ann", kNow, kLater);
  for (const bool wide_first : {true, false}) {
    Revocations revocations;
    revocations.add(wide_first ? wide : longest);
    revocations.add(wide_first ? longest : wide);
    EXPECT_TRUE(revocations.size() == 1);
    revocations.for_each(
        [](const Revocation& each) { EXPECT_TRUE(each == of_user("ann", kLater, kLater)); });
    revocations.on_time(kNow, 10);
    EXPECT_TRUE(revocations.size() == 1);
    revocations.on_time(kLater, 10);
    EXPECT_TRUE(revocations.size() == 0);
  }
}

TEST(Revocations, EndAtOnceAndAreForgottenAFewAtATime) {
  Revocations revocations;
  for (const char* name : {"a", "b", "c"}) revocations.add(of_user(name, kNow));
  EXPECT_TRUE(revocations.cover(claims_of("a", std::nullopt), kNow));
  EXPECT_FALSE(revocations.cover(claims_of("a", std::nullopt), kLater));
  revocations.on_time(kLater, 2);
  EXPECT_TRUE(revocations.size() == 1);
  revocations.on_time(kLater, 2);
  EXPECT_TRUE(revocations.size() == 0);
}

TEST(Revocations, HaveALimit) {
  Revocations revocations;
  for (std::size_t i = 0; i < kMostRevocations; ++i) {
    revocations.add(of_user(std::to_string(i).c_str(), kNow, i == 0 ? kNow : kLater));
  }
  EXPECT_FALSE(revocations.has_room_for(of_user("new", kNow)));
  EXPECT_TRUE(revocations.has_room_for(of_user("7", kNow)));
  revocations.on_time(kNow, 10);
  EXPECT_TRUE(revocations.has_room_for(of_user("new", kNow)));
}

TEST(Revocations, AreReadAgainUpToTheLastWholeLine) {
  const std::vector<Revocation> written = {
      of_user("ann b\n%\xc3\xa9", kNow),
      {.kind = RevocationKind::Token, .name = "t1", .until = kLater},
      {.kind = RevocationKind::Everybody, .before = kNow, .until = kLater}};
  std::string text(kRevocationMagic);
  std::vector<std::size_t> ends = {text.size()};
  for (const Revocation& each : written) {
    append_revocation(text, each);
    ends.push_back(text.size());
  }
  EXPECT_TRUE(read_revocations(text).revocations == written);
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const RevocationText read = read_revocations(Bytes(text).substr(0, size));
    std::size_t whole = 0;
    while (whole < written.size() && ends[whole + 1] <= size) ++whole;
    EXPECT_TRUE(read.revocations.size() == whole);
    EXPECT_FALSE(read.is_foreign);
    EXPECT_TRUE(read.damaged_lines == 0);
    const bool ends_with_line = size == 0 || std::ranges::find(ends, size) != ends.end();
    EXPECT_TRUE(read.is_torn != ends_with_line);
  }
}

TEST(Revocations, LoseTheirOwnLineAloneToADamagedOctet) {
  std::string text(kRevocationMagic);
  append_revocation(text, of_user("ann", kNow));
  const std::size_t end = text.size();
  append_revocation(text, of_user("bob", kNow));
  for (std::size_t place = kRevocationMagic.size(); place + 1 < end; ++place) {
    std::string damaged = text;
    damaged[place] ^= 1;
    if (damaged[place] == '\n') continue;
    const RevocationText read = read_revocations(damaged);
    EXPECT_TRUE(read.damaged_lines == 1);
    ASSERT_TRUE(read.revocations.size() == 1);
    EXPECT_TRUE(read.revocations[0].name == "bob");
  }
  EXPECT_TRUE(read_revocations("carillon revocations 2\n").is_foreign);
  EXPECT_TRUE(read_revocations("x").is_foreign);
}

}  // namespace
}  // namespace carillon::access
