#include "facade/socket_io/listeners.hpp"

#include <gtest/gtest.h>

#include <string>

namespace carillon::facade {
namespace {

using Times = SocketIoListeners::Times;

class SocketIoListenersTest : public ::testing::Test {
 protected:
  void add(const std::string& event, char mark, Times times = Times::Always,
           std::function<void()> then = {}) {
    list_.add(
        names_.share(event),
        [this, mark, then = std::move(then)](auto&, const auto&, const auto&) {
          heard_.push_back(mark);
          if (then) then();
        },
        times);
  }
  /// The marks of those who have heard it.
  std::string call(const std::string& event) {
    heard_.clear();
    // Nobody here looks at the socket.
    auto& socket = *reinterpret_cast<socket_io::Socket*>(&no_socket_);
    list_.call(event, socket, {}, {}, [this] { return goes_on_; });
    return heard_;
  }

  SocketIoEventNames names_;
  SocketIoListeners list_;
  std::string heard_;
  std::max_align_t no_socket_{};
  bool goes_on_ = true;
};

TEST_F(SocketIoListenersTest, CallsThoseOfTheEventInTheirOrder) {
  add("a", '1');
  add("b", '2');
  add("a", '3');
  EXPECT_EQ(call("a"), "13");
  EXPECT_EQ(call("c"), "");
  list_.remove("a");
  EXPECT_EQ(call("a"), "");
  EXPECT_EQ(call("b"), "2");
}

TEST_F(SocketIoListenersTest, OnceIsOnceEvenWithinItself) {
  add("a", '1', Times::Once, [this] {
    list_.call("a", *reinterpret_cast<socket_io::Socket*>(&no_socket_), {}, {},
               [] { return true; });
  });
  EXPECT_EQ(call("a"), "1");
  EXPECT_EQ(call("a"), "");
}

TEST_F(SocketIoListenersTest, MayBeChangedByWhoIsCalled) {
  add("a", '1', Times::Always, [this] {
    list_.remove("a");
    add("a", '3');
  });
  add("a", '2');
  EXPECT_EQ(call("a"), "1") << "the second has gone, and the third was not there";
  EXPECT_EQ(call("a"), "3");
  EXPECT_EQ(list_.events(), std::vector<std::string>{"a"});
  list_.remove_all();
  EXPECT_TRUE(list_.events().empty());
}

TEST_F(SocketIoListenersTest, StopsWhereItMayNotGoOn) {
  add("a", '1', Times::Always, [this] { goes_on_ = false; });
  add("a", '2');
  EXPECT_EQ(call("a"), "1");
}

TEST(SocketIoEventNames, AreSharedWithinLimits) {
  SocketIoEventNames names;
  EXPECT_TRUE(names.share("a").same(names.share("a")));
  for (int i = 0; i < 2'000; ++i) names.share(std::to_string(i));
  EXPECT_FALSE(names.share("x").same(names.share("x")));
  EXPECT_EQ(names.share("x").view(), "x");
}

}  // namespace
}  // namespace carillon::facade
