#include "transport/lab/wire_meter.hpp"

#include <algorithm>
#include <vector>

namespace carillon::transport {

void WireMeter::on_request(net::Stream& stream, Bytes label) {
  const auto counts = stream.wire_counts();
  if (!counts) return;
  if (connections_.size() >= kMeteredConnections) forget_gone();
  const std::uint64_t key = key_of(stream.handle());
  auto found = connections_.find(key);
  if (found == connections_.end()) {
    if (connections_.size() >= kMeteredConnections) return;
    found = connections_.emplace(key, Metered{}).first;
  }
  Metered& metered = found->second;
  if (!metered.label.empty()) {
    tally_of(metered.label).octets.sent += counts->sent - metered.seen.sent;
  }
  metered.label = label;
  if (!metered.label.empty()) {
    WireTally& tally = tally_of(metered.label);
    ++tally.requests;
    tally.octets.received += counts->received - metered.seen.received;
  }
  metered.seen = *counts;
}

std::map<std::string, WireTally> WireMeter::read(Bytes prefix) {
  for (auto& [key, metered] : connections_) {
    net::Stream* stream = reactor_.find(handle_of(key));
    if (stream != nullptr && metered.label.starts_with(prefix)) count(*stream, metered);
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
  for (auto& [key, metered] : connections_) {
    if (metered.label == label) doomed.push_back(handle_of(key));
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

void WireMeter::forget_gone() {
  std::erase_if(connections_, [this](const auto& each) {
    return reactor_.find(handle_of(each.first)) == nullptr;
  });
}

}  // namespace carillon::transport
