#include "hub/hub.hpp"

#include <algorithm>
#include <utility>

#include "hub/channel_listing.hpp"
#include "hub/local_channels.hpp"
#include "hub/presence_desk.hpp"

namespace carillon::hub {

Hub::Hub(const HubParts& parts)
    : probe_(parts.probe),
      line_(parts.courier, parts.peers, parts.probe),
      channels_(std::make_unique<LocalChannels>(LocalChannelsParts{.line = line_,
                                                                   .wire_forms = parts.wire_forms,
                                                                   .namespaces = parts.namespaces,
                                                                   .clock = parts.clock,
                                                                   .probe = parts.probe})),
      presence_(std::make_unique<PresenceDesk>(PresenceDeskParts{.line = line_,
                                                                 .namespaces = parts.namespaces,
                                                                 .clock = parts.clock,
                                                                 .probe = parts.probe})) {}

Hub::~Hub() = default;

void Hub::publish(PublishRequest request, Completion<Receipt> done) {
  line_.publish(std::move(request), std::move(done));
}

void Hub::publish_ephemeral(PublicationDraft draft, Completion<void> done) {
  line_.publish_ephemeral(std::move(draft), std::move(done));
}

void Hub::read(ReadRequest request, Completion<Page> done) {
  request.limit = std::min(request.limit, limits::kPagePublications);
  ++probe_.count().reads;
  line_.read(std::move(request), std::move(done));
}

void Hub::delete_history(std::string channel, Completion<Position> done) {
  line_.delete_history(std::move(channel), std::move(done));
}

void Hub::list_channels(ListRequest request, Completion<ChannelList> done) {
  request.limit = std::clamp<std::size_t>(request.limit, 1, limits::kPageChannels);
  const std::size_t count = line_.reactor_count();
  const auto gathering = std::make_shared<ListGathering>(count, request.limit, std::move(done));
  for (ReactorIndex home = 0; home < count; ++home) {
    line_.list_channels(home, request, [gathering](Result<ChannelList, BrokerError> answer) {
      gathering->add(std::move(answer));
    });
  }
}

SubscriptionId Hub::subscribe(Subscriber& subscriber, SubscribeRequest request,
                              SubscribeCallback callback) {
  return channels_->subscribe(subscriber, std::move(request), std::move(callback));
}

void Hub::unsubscribe(SubscriptionId id) {
  channels_->unsubscribe(id);
}

void Hub::set_hearing(SubscriptionId id, Hearing hearing) {
  channels_->set_hearing(id, hearing);
}

void Hub::on_drained(SubscriptionId id) {
  channels_->on_drained(id);
}

bool Hub::deliver(std::size_t budget) {
  line_.retry_notices();
  return channels_->deliver(budget);
}

std::optional<Duration> Hub::next_flush() const {
  return channels_->next_flush();
}

void Hub::on_time() {
  line_.on_time();
  presence_->on_time();
  channels_->on_time();
}

std::size_t Hub::subscription_count() const {
  return channels_->subscription_count();
}

ChannelList Hub::list_subscriptions(const ListRequest& request) const {
  return channels_->list(request);
}

void Hub::on_publication(const PublicationPtr& publication) {
  channels_->on_publication(publication);
}

void Hub::on_missed(const std::vector<MissedChannel>& channels) {
  channels_->on_missed(channels);
}

}  // namespace carillon::hub
