// A folder of the test's own, homes over it, and what one finds in them.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cluster/durable/history_keeper.hpp"
#include "cluster/durable/recovery.hpp"
#include "tests/unit/cluster/broker_fixture.hpp"

namespace carillon::cluster::durable {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "carillon-unit-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path history() const { return path_ / "history"; }

 private:
  std::filesystem::path path_;
};

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

inline constexpr Timestamp kNow{1'700'000'000'000'000};

inline std::shared_ptr<const hub::NamespaceTable> a_table(hub::NamespaceSettings settings = {}) {
  return std::make_shared<const hub::NamespaceTable>(settings);
}

inline Origin an_origin() {
  Origin origin = Origin::random(kNow);
  origin.fresh.epoch = *Epoch::parse("first");
  return origin;
}

inline hub::PublicationPtr a_publication(const std::string& channel, std::uint64_t offset,
                                         const std::string& data, const Bytes epoch = "first") {
  return hub::make_publication(
      {.channel = channel, .data = data, .publisher = {.user = "ann", .client = {7}}, .key = "k"},
      hub::PublicationKind::Kept, {*Epoch::parse(epoch), offset},
      {kNow.microseconds + static_cast<std::int64_t>(offset)});
}

/// The homes of one node, all on this thread.
class Homes {
 public:
  Homes(std::size_t count, const Origin& origin, BudgetLimits limits = {}) : budget_(limits) {
    for (std::size_t index = 0; index < count; ++index) {
      brokers_.push_back(std::make_unique<MemoryBroker>(MemoryBrokerParts{.clock = clock,
                                                                          .namespaces = table_,
                                                                          .budget = budget_,
                                                                          .probe = probe_,
                                                                          .origin = origin}));
    }
  }
  std::vector<MemoryBroker*> all() {
    std::vector<MemoryBroker*> all;
    for (const auto& broker : brokers_) all.push_back(broker.get());
    return all;
  }
  MemoryBroker& home_of(const std::string& channel) {
    return *brokers_[hub::home_of(channel, brokers_.size())];
  }
  hub::Receipt publish(const std::string& channel, const std::string& data,
                       const std::string& key = {}) {
    std::optional<hub::Receipt> receipt;
    home_of(channel).publish(
        {.draft = {.channel = channel, .data = data, .publisher = {}, .key = {}},
         .dedupe = {.scope = "ann", .key = key}},
        [&](auto result) { receipt = result.value(); });
    return receipt.value();
  }
  hub::Page read(const std::string& channel, hub::ReadStart start = hub::Latest{}) {
    std::optional<hub::Page> page;
    home_of(channel).read({.channel = channel, .start = start, .limit = 1'000},
                          [&](auto result) { page = std::move(result).value(); });
    return page.value();
  }

  ManualClock clock;

 private:
  hub::NamespaceTable table_;
  SharedBudget budget_;
  hub::Probe probe_;
  std::vector<std::unique_ptr<MemoryBroker>> brokers_;
};

}  // namespace carillon::cluster::durable
