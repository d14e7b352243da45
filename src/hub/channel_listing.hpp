// One page of the channel list out of what each reactor knows.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "hub/broker.hpp"

namespace carillon::hub {

/// Two lists by name as one, at most `limit` long: subscriptions are added up, the rest is taken
/// from whichever of the two knows it.
ChannelList merged(ChannelList first, ChannelList second, std::size_t limit);

/// The `limit` first names, ascending; `at_end` is false where some were cut off.
void sort_and_cut(ChannelList& list, std::size_t limit);

/// Whether a channel belongs in the answer.
bool is_asked_for(const ListRequest& request, Bytes channel);

/// Waits for the answers of all reactors and merges them. The first error is the answer of all.
class ListGathering {
 public:
  ListGathering(std::size_t reactor_count, std::size_t limit, Completion<ChannelList> done);

  void add(Result<ChannelList, BrokerError> answer);

 private:
  std::size_t awaited_;
  std::size_t limit_;
  Completion<ChannelList> done_;
  Result<ChannelList, BrokerError> list_;
};

}  // namespace carillon::hub
