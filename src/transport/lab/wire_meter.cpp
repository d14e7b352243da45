#include "transport/lab/wire_meter.hpp"

#include <algorithm>
#include <vector>

namespace carillon::transport {

void WireMeter::on_request(net::Stream& stream, Bytes label) {
  const auto counts = stream.wire_counts();
  if (!counts) return;
  const std::uint64_t key = key_of(stream.handle());
  auto found = connections_.find(key);
  if (found == connections_.end()) {
    if (!has_room()) return;
    found = connections_.emplace(key, Metered{}).first;
  }
  Metered& metered = found->second;
  if (!metered.label.empty()) {
    tally_of(metered.label).octets.sent += counts->sent - metered.seen.sent;
  }
  relabel(key, metered, label);
  if (!metered.label.empty()) {
    WireTally& tally = tally_of(metered.label);
    ++tally.requests;
    tally.octets.received += counts->received - metered.seen.received;
  }
  metered.seen = *counts;
}

std::map<std::string, WireTally> WireMeter::read(Bytes prefix) {
  for (auto at = carriers_.lower_bound({std::string(prefix), 0});
       at != carriers_.end() && at->first.starts_with(prefix); ++at) {
    net::Stream* stream = reactor_.find(handle_of(at->second));
    if (stream != nullptr) count(*stream, connections_.at(at->second));
  }
  std::map<std::string, WireTally> found;
  for (auto at = tallies_.lower_bound(std::string(prefix));
       at != tallies_.end() && at->first.starts_with(prefix); ++at) {
    found.emplace(at->first.substr(prefix.size()), at->second.tally);
  }
  return found;
}

std::size_t WireMeter::cut(Bytes label) {
  std::vector<Handle> doomed;
  for (auto at = carriers_.lower_bound({std::string(label), 0});
       at != carriers_.end() && at->first == label; ++at) {
    doomed.push_back(handle_of(at->second));
  }
  std::size_t cut_count = 0;
  for (const Handle handle : doomed) {
    net::Stream* stream = reactor_.find(handle);
    if (stream == nullptr) continue;
    count(*stream, connections_.at(key_of(handle)));
    stream->abort();
    ++cut_count;
  }
  return cut_count;
}

void WireMeter::count(net::Stream& stream, Metered& metered) {
  const auto counts = stream.wire_counts();
  if (!counts) return;
  net::WireCounts& octets = tally_of(metered.label).octets;
  octets.received += counts->received - metered.seen.received;
  octets.sent += counts->sent - metered.seen.sent;
  metered.seen = *counts;
}

WireTally& WireMeter::tally_of(const std::string& label) {
  if (tallies_.size() >= kMeteredLabels && !tallies_.contains(label)) {
    tallies_.erase(
        std::ranges::min_element(tallies_, {}, [](const auto& each) { return each.second.used; }));
  }
  Entry& entry = tallies_[label];
  entry.used = ++now_;
  return entry.tally;
}

void WireMeter::relabel(std::uint64_t key, Metered& metered, Bytes label) {
  if (metered.label == label) return;
  carriers_.erase({metered.label, key});
  metered.label = label;
  if (!label.empty()) carriers_.emplace(label, key);
}

bool WireMeter::has_room() {
  if (connections_.size() < kMeteredConnections) return true;
  if (refused_until_sweep_ > 0) {
    --refused_until_sweep_;
    return false;
  }
  forget_gone();
  refused_until_sweep_ = kMeteredConnections / 10;
  return connections_.size() < kMeteredConnections;
}

void WireMeter::forget_gone() {
  std::erase_if(connections_, [this](const auto& each) {
    const auto& [key, metered] = each;
    if (reactor_.find(handle_of(key)) != nullptr) return false;
    carriers_.erase({metered.label, key});
    return true;
  });
}

}  // namespace carillon::transport
