#include "protocol/http1/date.hpp"

#include <fmt/format.h>

#include <array>

#include "protocol/http1/characters.hpp"

namespace carillon::http1 {
namespace {

using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr std::array<Bytes, 7> kWeekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                         "Thursday", "Friday", "Saturday"};
constexpr std::array<Bytes, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::size_t kShortName = 3;

/// What a form told; the parts are checked together at the end.
struct Parts {
  std::size_t weekday = 0;
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

/// Takes a date apart from its front. After the first misfit everything fails.
class Scanner {
 public:
  explicit Scanner(Bytes text) : rest_(text) {}

  Scanner& literal(Bytes expected) {
    ok_ = ok_ && rest_.starts_with(expected);
    if (ok_) rest_.remove_prefix(expected.size());
    return *this;
  }

  Scanner& digits(std::size_t count, int& number) {
    ok_ =
        ok_ && rest_.size() >= count && consists_of(rest_.substr(0, count), CharacterClass::Digit);
    if (!ok_) return *this;
    number = 0;
    for (const char digit : rest_.substr(0, count)) number = number * 10 + (digit - '0');
    rest_.remove_prefix(count);
    return *this;
  }

  /// A day as asctime writes it: two digits, or a space and one.
  Scanner& padded_day(int& day) {
    return rest_.starts_with(' ') ? literal(" ").digits(1, day) : digits(2, day);
  }

  Scanner& month(int& number) {
    for (std::size_t index = 0; index < kMonths.size(); ++index) {
      if (!rest_.starts_with(kMonths[index])) continue;
      number = static_cast<int>(index) + 1;
      return literal(kMonths[index]);
    }
    ok_ = false;
    return *this;
  }

  Scanner& time(Parts& parts) {
    return digits(2, parts.hour)
        .literal(":")
        .digits(2, parts.minute)
        .literal(":")
        .digits(2, parts.second);
  }

  bool done() const { return ok_ && rest_.empty(); }

 private:
  Bytes rest_;
  bool ok_ = true;
};

std::optional<sys_seconds> assemble(const Parts& parts) {
  const std::chrono::year_month_day date{std::chrono::year(parts.year),
                                         std::chrono::month(static_cast<unsigned>(parts.month)),
                                         std::chrono::day(static_cast<unsigned>(parts.day))};
  // A leap second is legal (RFC 9110 §5.6.7).
  if (!date.ok() || parts.hour > 23 || parts.minute > 59 || parts.second > 60) return std::nullopt;
  const sys_days days = date;
  if (std::chrono::weekday(days).c_encoding() != parts.weekday) return std::nullopt;
  return days + std::chrono::hours(parts.hour) + std::chrono::minutes(parts.minute) +
         std::chrono::seconds(parts.second);
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`
std::optional<sys_seconds> parse_fixdate(Bytes text, Parts parts) {
  Scanner scanner(text);
  scanner.literal(", ").digits(2, parts.day).literal(" ").month(parts.month).literal(" ");
  scanner.digits(4, parts.year).literal(" ").time(parts).literal(" GMT");
  return scanner.done() ? assemble(parts) : std::nullopt;
}

/// `Sunday, 06-Nov-94 08:49:37 GMT`
std::optional<sys_seconds> parse_rfc850(Bytes text, Parts parts, sys_seconds now) {
  Scanner scanner(text);
  scanner.literal(", ").digits(2, parts.day).literal("-").month(parts.month).literal("-");
  scanner.digits(2, parts.year).literal(" ").time(parts).literal(" GMT");
  if (!scanner.done()) return std::nullopt;
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
  const int this_year = static_cast<int>(today.year());
  parts.year += this_year - this_year % 100;
  if (parts.year > this_year + 50) parts.year -= 100;
  return assemble(parts);
}

/// `Sun Nov  6 08:49:37 1994`
std::optional<sys_seconds> parse_asctime(Bytes text, Parts parts) {
  Scanner scanner(text);
  scanner.literal(" ").month(parts.month).literal(" ").padded_day(parts.day).literal(" ");
  scanner.time(parts).literal(" ").digits(4, parts.year);
  return scanner.done() ? assemble(parts) : std::nullopt;
}

}  // namespace

std::string format_date(sys_seconds time) {
  const sys_days days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss clock(time - days);
  const std::size_t weekday = std::chrono::weekday(days).c_encoding();
  const std::size_t month = static_cast<unsigned>(date.month());
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     kWeekdays[weekday].substr(0, kShortName), static_cast<unsigned>(date.day()),
                     kMonths[month - 1], static_cast<int>(date.year()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::optional<sys_seconds> parse_date(Bytes text, sys_seconds now) {
  for (std::size_t weekday = 0; weekday < kWeekdays.size(); ++weekday) {
    const Bytes name = kWeekdays[weekday];
    Parts parts;
    parts.weekday = weekday;
    if (text.starts_with(name)) return parse_rfc850(text.substr(name.size()), parts, now);
    if (!text.starts_with(name.substr(0, kShortName))) continue;
    const Bytes rest = text.substr(kShortName);
    return rest.starts_with(',') ? parse_fixdate(rest, parts) : parse_asctime(rest, parts);
  }
  return std::nullopt;
}

}  // namespace carillon::http1
