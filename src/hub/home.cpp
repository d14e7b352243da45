#include "hub/home.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "hub/channel_listing.hpp"
#include "hub/hub.hpp"

namespace carillon::hub {

Home::Home(const HomeParts& parts)
    : courier_(parts.courier),
      broker_(parts.broker),
      peers_(parts.peers),
      probe_(parts.probe),
      rosters_(parts.namespaces, parts.clock, parts.probe,
               [this](const PublicationPtr& publication) { on_publication(publication); }),
      lags_(parts.courier.reactor_count()) {
  broker_.listen(*this);
}

void Home::publish(PublishRequest request, Completion<Receipt> done) {
  broker_.publish(std::move(request), std::move(done));
}

void Home::publish_ephemeral(PublicationDraft draft, Completion<void> done) {
  broker_.publish_ephemeral(std::move(draft), std::move(done));
}

void Home::read(ReadRequest request, Completion<Page> done) {
  broker_.read(std::move(request), std::move(done));
}

void Home::delete_history(std::string channel, Completion<Position> done) {
  broker_.delete_history(std::move(channel), std::move(done));
}

void Home::list_channels(ListRequest request, Completion<ChannelList> done) {
  ListRequest asked = request;
  broker_.list_channels(
      std::move(request), [this, asked = std::move(asked), done = std::move(done)](
                              Result<ChannelList, BrokerError> listed) mutable {
        if (listed) {
          ChannelList own = peers_.hubs[courier_.own()]->list_subscriptions(asked);
          *listed = merged(std::move(*listed), std::move(own), asked.limit);
        }
        done(std::move(listed));
      });
}

void Home::join(JoinRequest request, Completion<Page> done) {
  const auto [found, fresh] = channels_.try_emplace(request.read.channel);
  Interests& interests = found->second;
  // Before the broker is asked: what it tells while the answer is under way is not lost then.
  const auto from = static_cast<std::uint32_t>(request.from);
  if (std::ranges::find(interests, from, &Interest::reactor) == interests.end()) {
    interests.push_back({.reactor = from});
  }
  broker_.subscribe(std::move(request.read), std::move(done));
}

void Home::leave(ReactorIndex from, Bytes channel) {
  const auto found = channels_.find(channel);
  if (found == channels_.end()) return;
  std::erase_if(found->second, [&](const Interest& interest) { return interest.reactor == from; });
  if (!found->second.empty()) return;
  broker_.unsubscribe(channel);
  channels_.erase(found);
}

void Home::on_publication(const PublicationPtr& publication) {
  const auto found = channels_.find(publication->channel);
  if (found == channels_.end()) return;
  for (Interest& interest : found->second) hand_over(interest, publication);
}

void Home::list_members(PresenceQuery query, Completion<PresencePage> done) {
  done(rosters_.page(query));
}

void Home::set_presence_data(PresenceData data, Completion<bool> done) {
  done(rosters_.set_data(std::move(data)));
}

void Home::are_together(PresencePair pair, Completion<bool> done) {
  done(rosters_.are_together(pair));
}

void Home::hand_over(Interest& interest, const PublicationPtr& publication) {
  Hub* const hub = peers_.hubs[interest.reactor];
  if (interest.reactor == courier_.own()) return hub->on_publication(publication);
  const bool behind = !lags_[interest.reactor].channels.empty();
  if (!behind) {
    Task task = [hub, publication] { hub->on_publication(publication); };
    if (courier_.try_post(interest.reactor, task)) return;
    probe_.mailbox_refused();
  }
  if (publication->is_kept()) {
    mark_missed(interest, *publication);
  } else {
    ++probe_.count().dropped_behind;
  }
}

void Home::mark_missed(Interest& interest, const Publication& publication) {
  Lag& lag = lags_[interest.reactor];
  if (lag.channels.empty()) {
    ++behind_count_;
    ++probe_.count().reactors_fell_behind;
  }
  if (interest.missed_round == lag.round) {
    lag.channels[interest.missed_place].top = publication.position;
    return;
  }
  interest.missed_round = lag.round;
  interest.missed_place = static_cast<std::uint32_t>(lag.channels.size());
  lag.channels.push_back({publication.channel, publication.position});
}

void Home::retry_notices() {
  for (ReactorIndex reactor = 0; behind_count_ > 0 && reactor < lags_.size(); ++reactor) {
    if (!lags_[reactor].channels.empty() && try_notify(reactor)) --behind_count_;
  }
}

bool Home::try_notify(ReactorIndex reactor) {
  Lag& lag = lags_[reactor];
  auto missed = std::make_unique<std::vector<MissedChannel>>(std::move(lag.channels));
  std::vector<MissedChannel>* const list = missed.get();
  Task task = [hub = peers_.hubs[reactor], missed = std::move(missed)] { hub->on_missed(*missed); };
  if (!courier_.try_post(reactor, task)) {
    probe_.mailbox_refused();
    lag.channels = std::move(*list);
    return false;
  }
  lag.channels.clear();
  ++lag.round;
  return true;
}

void Home::on_time() {
  retry_notices();
  rosters_.on_time();
  broker_.on_time();
}

}  // namespace carillon::hub
