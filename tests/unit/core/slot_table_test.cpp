#include "core/slot_table.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

namespace carillon {
namespace {

TEST(SlotTable, FindsWhatWasInserted) {
  SlotTable<std::string> table;
  const Handle first = table.insert("first");
  const Handle second = table.insert("second");
  EXPECT_EQ(*table.find(first), "first");
  EXPECT_EQ(*table.find(second), "second");
  EXPECT_EQ(table.size(), 2U);
}

TEST(SlotTable, AHandleFindsNothingOnceItsObjectIsGone) {
  SlotTable<int> table;
  const Handle old = table.insert(1);
  table.erase(old);
  EXPECT_EQ(table.find(old), nullptr);
  const Handle fresh = table.insert(2);
  EXPECT_EQ(fresh.slot, old.slot);
  EXPECT_NE(fresh, old);
  EXPECT_EQ(table.find(old), nullptr);
  EXPECT_EQ(*table.find(fresh), 2);
}

TEST(SlotTable, ErasingTwiceIsQuiet) {
  SlotTable<int> table;
  const Handle old = table.insert(1);
  table.erase(old);
  const Handle fresh = table.insert(2);
  table.erase(old);
  EXPECT_EQ(*table.find(fresh), 2);
  EXPECT_EQ(table.size(), 1U);
}

TEST(SlotTable, NoHandleNamesNothing) {
  SlotTable<int> table;
  EXPECT_FALSE(Handle());
  EXPECT_EQ(table.find(Handle()), nullptr);
  EXPECT_TRUE(table.insert(1));
  EXPECT_EQ(table.find(Handle()), nullptr);
  EXPECT_EQ(table.find(Handle{.slot = 7, .generation = 1}), nullptr);
}

TEST(SlotTable, ValuesStayWhereTheyAreWhenItGrows) {
  SlotTable<int> table;
  const Handle first = table.insert(42);
  const int* const place = table.find(first);
  for (int i = 0; i < 10'000; ++i) table.insert(i);
  EXPECT_EQ(table.find(first), place);
  EXPECT_EQ(*place, 42);
}

TEST(SlotTable, ErasingDestroysTheValueAtOnce) {
  SlotTable<std::shared_ptr<int>> table;
  const auto value = std::make_shared<int>(1);
  const Handle handle = table.insert(value);
  EXPECT_EQ(value.use_count(), 2);
  table.erase(handle);
  EXPECT_EQ(value.use_count(), 1);
}

/// Runs an action when it dies.
struct Last {
  std::function<void()> action;
  ~Last() {
    if (action) action();
  }
};

TEST(SlotTable, AValueThatDiesMayUseTheTable) {
  SlotTable<std::unique_ptr<Last>> table;
  const Handle other = table.insert(std::make_unique<Last>());
  const Handle self = table.insert(std::make_unique<Last>());
  (*table.find(self))->action = [&] {
    EXPECT_EQ(table.find(self), nullptr);
    table.erase(self);
    table.erase(other);
    table.insert(std::make_unique<Last>());
  };
  table.erase(self);
  EXPECT_EQ(table.size(), 1U);
  const Handle first = table.insert(nullptr);
  const Handle second = table.insert(nullptr);
  EXPECT_NE(first.slot, second.slot) << "a slot must be free once only";
}

TEST(SlotTable, VisitsEveryEntryOnceWhileSomeAreErased) {
  SlotTable<int> table;
  std::vector<Handle> handles;
  handles.reserve(10);
  for (int i = 0; i < 10; ++i) handles.push_back(table.insert(i));
  table.erase(handles[3]);
  std::set<int> seen;
  table.for_each([&](Handle handle, int& value) {
    EXPECT_EQ(handle, handles[static_cast<std::size_t>(value)]);
    seen.insert(value);
    if (value == 5) {
      table.erase(handles[5]);
      table.erase(handles[6]);
    }
  });
  EXPECT_EQ(seen, (std::set<int>{0, 1, 2, 4, 5, 7, 8, 9}));
  EXPECT_EQ(table.size(), 7U);
}

TEST(SlotTable, HandlesCanBeKeys) {
  const std::unordered_set<Handle> set{{1, 1}, {1, 2}, {2, 1}, {1, 1}};
  EXPECT_EQ(set.size(), 3U);
}

}  // namespace
}  // namespace carillon
