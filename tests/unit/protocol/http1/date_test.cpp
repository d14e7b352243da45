#include "protocol/http1/date.hpp"

#include <gtest/gtest.h>

namespace carillon::http1 {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr sys_seconds kExample{seconds(784'111'777)};
constexpr sys_seconds kNow{seconds(1'764'000'000)};  // November 2025

TEST(Date, IsWrittenAsFixdate) {
  EXPECT_EQ(format_date(kExample), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(format_date(sys_seconds()), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(format_date(sys_seconds(seconds(951'782'400))), "Tue, 29 Feb 2000 00:00:00 GMT");
  EXPECT_EQ(format_date(sys_seconds(seconds(-1))), "Wed, 31 Dec 1969 23:59:59 GMT");
}

TEST(Date, IsReadInAllThreeForms) {
  EXPECT_EQ(parse_date("Sun, 06 Nov 1994 08:49:37 GMT", kNow), kExample);
  EXPECT_EQ(parse_date("Sunday, 06-Nov-94 08:49:37 GMT", kNow), kExample);
  EXPECT_EQ(parse_date("Sun Nov  6 08:49:37 1994", kNow), kExample);
  EXPECT_EQ(parse_date("Wed Nov 16 08:49:37 1994", kNow), kExample + std::chrono::days(10));
}

TEST(Date, MayHaveALeapSecond) {
  EXPECT_EQ(parse_date("Sat, 31 Dec 2016 23:59:60 GMT", kNow),
            parse_date("Sun, 01 Jan 2017 00:00:00 GMT", kNow));
}

TEST(Date, OfTwoDigitsLiesAtMostFiftyYearsAhead) {
  EXPECT_EQ(parse_date("Friday, 01-Nov-75 00:00:00 GMT", kNow),
            parse_date("Fri, 01 Nov 2075 00:00:00 GMT", kNow));
  EXPECT_EQ(parse_date("Monday, 01-Nov-76 00:00:00 GMT", kNow),
            parse_date("Mon, 01 Nov 1976 00:00:00 GMT", kNow));
}

TEST(Date, IsReadAsItWasWritten) {
  for (int month = 0; month < 24; ++month) {
    const sys_seconds time = kExample + std::chrono::hours(24 * 30 * month + month);
    EXPECT_EQ(parse_date(format_date(time), kNow), time);
  }
}

TEST(Date, IsNothingElse) {
  for (const Bytes text : {"",
                           "0",
                           "Sun",
                           "Sun, 06 Nov 1994 08:49:37",
                           "Sun, 06 Nov 1994 08:49:37 UTC",
                           "Sun, 06 Nov 1994 08:49:37 GMT ",
                           "sun, 06 Nov 1994 08:49:37 GMT",
                           "Mon, 06 Nov 1994 08:49:37 GMT",
                           "Sun, 6 Nov 1994 08:49:37 GMT",
                           "Sun, 06 nov 1994 08:49:37 GMT",
                           "Sun, 06 Nov 94 08:49:37 GMT",
                           "Sun, 31 Feb 1994 08:49:37 GMT",
                           "Sun, 00 Nov 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994 24:00:00 GMT",
                           "Sun, 06 Nov 1994 08:60:00 GMT",
                           "Sun, 06 Nov 1994 08:49:61 GMT",
                           "Sun, 06 Nov 1994 8:49:37 GMT",
                           "Sunday, 06-Nov-1994 08:49:37 GMT",
                           "Sun, 06-Nov-94 08:49:37 GMT",
                           "Sun Nov 06 08:49:37 1994 GMT",
                           "Sun Nov 6 08:49:37 1994"}) {
    EXPECT_FALSE(parse_date(text, kNow)) << text;
  }
}

}  // namespace
}  // namespace carillon::http1
