#include "hub/channel_listing.hpp"

#include <algorithm>
#include <utility>

namespace carillon::hub {
namespace {

/// Adds what `more` knows of the same channel.
void complete(ChannelInfo& info, ChannelInfo more) {
  more.subscription_count += info.subscription_count;
  if (more.top.epoch == Epoch{}) {
    info.subscription_count = more.subscription_count;
  } else {
    info = std::move(more);
  }
}

}  // namespace

ChannelList merged(ChannelList first, ChannelList second, std::size_t limit) {
  ChannelList result;
  result.at_end = first.at_end && second.at_end;
  std::ranges::merge(std::move(first.channels), std::move(second.channels),
                     std::back_inserter(result.channels), {}, &ChannelInfo::name,
                     &ChannelInfo::name);
  std::vector<ChannelInfo> single;
  for (ChannelInfo& info : result.channels) {
    if (!single.empty() && single.back().name == info.name) {
      complete(single.back(), std::move(info));
    } else {
      single.push_back(std::move(info));
    }
  }
  result.channels = std::move(single);
  if (result.channels.size() > limit) {
    result.channels.resize(limit);
    result.at_end = false;
  }
  return result;
}

void sort_and_cut(ChannelList& list, std::size_t limit) {
  std::vector<ChannelInfo>& channels = list.channels;
  if (channels.size() > limit) {
    const auto cut = channels.begin() + static_cast<std::ptrdiff_t>(limit);
    std::ranges::nth_element(channels, cut, {}, &ChannelInfo::name);
    channels.erase(cut, channels.end());
    list.at_end = false;
  }
  std::ranges::sort(channels, {}, &ChannelInfo::name);
}

bool is_asked_for(const ListRequest& request, Bytes channel) {
  return channel > request.after && channel.starts_with(request.prefix) &&
         (!request.wanted || request.wanted(channel));
}

ListGathering::ListGathering(std::size_t reactor_count, std::size_t limit,
                             Completion<ChannelList> done)
    : awaited_(reactor_count), limit_(limit), done_(std::move(done)) {}

void ListGathering::add(Result<ChannelList, BrokerError> answer) {
  if (!answer) {
    list_ = std::unexpected(answer.error());
  } else if (list_) {
    list_ = merged(std::move(*list_), std::move(*answer), limit_);
  }
  if (--awaited_ == 0) done_(std::move(list_));
}

}  // namespace carillon::hub
