#include "server/demo_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>
#include <utility>

namespace carillon::server {
namespace {

using std::chrono::milliseconds;

double between(DemoRandom& random, double least, double most) {
  return std::uniform_real_distribution<double>(least, most)(random);
}

std::size_t below(DemoRandom& random, std::size_t count) {
  return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
}

template <class Value, std::size_t Count>
const Value& one_of(DemoRandom& random, const std::array<Value, Count>& values) {
  return values[below(random, Count)];
}

/// 1,000 prices a second: a random walk of each share, in turn.
class Prices final : public DemoFeed {
 public:
  Prices() { prices_.fill(100); }
  Duration interval() const override { return milliseconds(20); }

  std::vector<DemoItem> next(DemoRandom& random) override {
    std::vector<DemoItem> items;
    for (std::size_t i = 0; i < kPerTurn; ++i, at_ = (at_ + 1) % kSymbols.size()) {
      double& price = prices_[at_];
      if (price == 100) price = between(random, 20, 400);
      price = std::clamp(price * (1 + between(random, -0.002, 0.002)), 5.0, 2'000.0);
      const std::string_view symbol = kSymbols[at_];
      items.push_back({.channel = "demo-stocks:all",
                       .data = fmt::format(R"({{"symbol":"{}","price":{:.2f},"tick":{}}})", symbol,
                                           price, ++tick_),
                       .key = std::string(symbol)});
    }
    return items;
  }

 private:
  static constexpr std::size_t kPerTurn = 20;
  static constexpr std::array<std::string_view, 20> kSymbols = {
      "BELL", "BRNZ", "CHIM", "CLAP", "CLRN", "DRNE", "FDRY", "GONG", "HARM", "KEYS",
      "LYRA", "NOTE", "OCTV", "PEAL", "RING", "ROPE", "TOLL", "TONE", "TOWR", "WAVE"};
  std::array<double, kSymbols.size()> prices_{};
  std::size_t at_ = 0;
  std::uint64_t tick_ = 0;
};

/// Three matches, side by side; a new one begins where one has ended.
class Scores final : public DemoFeed {
 public:
  Duration interval() const override { return milliseconds(1200); }

  std::vector<DemoItem> next(DemoRandom& random) override {
    Match& match = matches_[turn_++ % matches_.size()];
    if (match.minute >= 90) match = {.home = match.away, .away = match.home};
    match.minute = std::min(match.minute + 1 + static_cast<int>(below(random, 3)), 90);
    std::string_view event = match.minute == 90 ? "full time" : "play";
    if (match.minute < 90 && below(random, 6) == 0) {
      const bool at_home = below(random, 2) == 0;
      ++(at_home ? match.home_goals : match.away_goals);
      event = at_home ? "goal home" : "goal away";
    }
    return {
        {.channel = "demo-scores:all",
         .data = fmt::format(
             R"({{"match":{},"home":"{}","away":"{}","goals":[{},{}],"minute":{},"event":"{}"}})",
             (turn_ - 1) % matches_.size(), match.home, match.away, match.home_goals,
             match.away_goals, match.minute, event),
         .key = fmt::format("{}", (turn_ - 1) % matches_.size())}};
  }

 private:
  struct Match {
    std::string_view home;
    std::string_view away;
    int home_goals = 0;
    int away_goals = 0;
    int minute = 0;
  };
  std::array<Match, 3> matches_ = {Match{.home = "Mechelen", .away = "Delft"},
                                   Match{.home = "Bruges", .away = "Ghent", .minute = 31},
                                   Match{.home = "Haarlem", .away = "Leuven", .minute = 62}};
  std::size_t turn_ = 0;
};

/// Rooms of a bell tower, as sensors would tell them.
class Readings final : public DemoFeed {
 public:
  Duration interval() const override { return milliseconds(1000); }

  std::vector<DemoItem> next(DemoRandom& random) override {
    std::vector<DemoItem> items;
    for (Room& room : rooms_) {
      room.degrees += (room.usual - room.degrees) * 0.05 + between(random, -0.25, 0.25);
      room.percent = std::clamp(room.percent + between(random, -0.8, 0.8), 20.0, 95.0);
      items.push_back(
          {.channel = "demo-sensors:all",
           .data = fmt::format(R"({{"sensor":"{}","temperature":{:.2f},"humidity":{:.1f}}})",
                               room.name, room.degrees, room.percent),
           .key = std::string(room.name)});
    }
    return items;
  }

 private:
  struct Room {
    std::string_view name;
    double usual;
    double percent;
    double degrees = usual;
  };
  std::array<Room, 3> rooms_ = {Room{"Belfry", 12, 64}, Room{"Workshop", 19, 48},
                                Room{"Crypt", 9, 78}};
};

/// Somebody posts, and others react to the latest posts.
class Social final : public DemoFeed {
 public:
  Duration interval() const override { return milliseconds(700); }

  std::vector<DemoItem> next(DemoRandom& random) override {
    // What an earlier run has posted may be there still.
    if (run_ == 0) run_ = static_cast<std::uint32_t>(random());
    if (turn_++ % 10 == 0) return {post(random)};
    const std::uint64_t recent = std::min<std::uint64_t>(posts_, 4);
    const std::uint64_t id = posts_ - below(random, recent);
    return {{.channel = "demo-social:reactions",
             .data = fmt::format(R"({{"post":"made-up-{}-{}","reaction":"{}"}})", run_, id,
                                 one_of(random, kReactions)),
             .key = {}}};
  }

 private:
  DemoItem post(DemoRandom& random) {
    return {.channel = "demo-social:posts",
            .data = fmt::format(R"({{"id":"made-up-{}-{}","author":"{}","text":"{}"}})", run_,
                                ++posts_, one_of(random, kAuthors), one_of(random, kTexts)),
            .key = {}};
  }

  static constexpr std::array<std::string_view, 4> kReactions = {"love", "bravo", "laugh", "bell"};
  static constexpr std::array<std::string_view, 5> kAuthors = {"Ada", "Jef", "Mira", "Noor",
                                                               "Toon"};
  static constexpr std::array<std::string_view, 8> kTexts = {
      "The great bell is back from the foundry.",
      "Concert tonight at nine. Bring a blanket and lie down in the square.",
      "Forty-nine bells, one keyboard, two fists.",
      "Does anyone have the score of the Preludium?",
      "The clapper of number 12 has been mended.",
      "Tourists asked whether it is a recording. It is not.",
      "Fog in the belfry this morning; the low bells sound best in it.",
      "Who else counts the strokes at noon?"};
  std::uint32_t run_ = 0;
  std::uint64_t turn_ = 0;
  std::uint64_t posts_ = 0;
};

/// Something for each user now and then.
class Notifications final : public DemoFeed {
 public:
  Duration interval() const override { return milliseconds(4000); }

  std::vector<DemoItem> next(DemoRandom& random) override {
    const std::string_view user = kUsers[turn_++ % kUsers.size()];
    return {{.channel = fmt::format("demo-notifications:{}", user),
             .data = fmt::format(R"({{"title":"{}","from":"Carillon"}})", one_of(random, kTitles)),
             .key = {}}};
  }

 private:
  static constexpr std::array<std::string_view, 3> kUsers = {"ann", "bob", "cleo"};
  static constexpr std::array<std::string_view, 5> kTitles = {
      "Your order has left the workshop", "Someone replied to your post",
      "The concert begins in an hour", "Your export is ready", "A new device has signed in"};
  std::uint64_t turn_ = 0;
};

/// Two players who go their rounds, thirty times a second.
class Players final : public DemoFeed {
 public:
  Duration interval() const override { return milliseconds(33); }

  std::vector<DemoItem> next(DemoRandom& /*random*/) override {
    ++turn_;
    std::vector<DemoItem> items;
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      const double angle =
          static_cast<double>(turn_) * 0.033 * (0.9 + 0.35 * static_cast<double>(i)) +
          static_cast<double>(i) * std::numbers::pi;
      const double x = 0.5 + 0.34 * std::cos(angle);
      const double y = 0.5 + 0.3 * std::sin(angle * 2);
      items.push_back(
          {.channel = "demo-game:arena",
           .data = fmt::format(R"({{"id":"{0}","name":"{0}","x":{1:.4f},"y":{2:.4f},"hue":{3}}})",
                               kNames[i], x, y, 30 + 170 * i),
           .key = std::string(kNames[i])});
    }
    return items;
  }

 private:
  static constexpr std::array<std::string_view, 2> kNames = {"Bourdon", "Treble"};
  std::uint64_t turn_ = 0;
};

}  // namespace

std::vector<std::unique_ptr<DemoFeed>> make_demo_feeds() {
  std::vector<std::unique_ptr<DemoFeed>> feeds;
  feeds.push_back(std::make_unique<Prices>());
  feeds.push_back(std::make_unique<Scores>());
  feeds.push_back(std::make_unique<Readings>());
  feeds.push_back(std::make_unique<Social>());
  feeds.push_back(std::make_unique<Notifications>());
  feeds.push_back(std::make_unique<Players>());
  return feeds;
}

}  // namespace carillon::server
