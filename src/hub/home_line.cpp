#include "hub/home_line.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace carillon::hub {
namespace {

template <class Request, class Value>
using HomeMethod = void (Home::*)(Request, Completion<Value>);

/// A request on its way to a home, and then its answer on the way back: one allocation for both.
/// Who holds it may touch it; `done` is called where it came from.
template <class Request, class Value>
struct Parcel {
  Home& home;
  ReactorIndex from;
  HomeMethod<Request, Value> method;
  Request request;
  Completion<Value> done;
  std::optional<Result<Value, BrokerError>> result;
};

template <class Request, class Value>
void send_back(std::unique_ptr<Parcel<Request, Value>> parcel) {
  Home& home = parcel->home;
  const ReactorIndex from = parcel->from;
  home.answer(from, [parcel = std::move(parcel)] { parcel->done(std::move(*parcel->result)); });
}

/// Runs at the home. Once the answer is away nothing of the parcel is touched here.
template <class Request, class Value>
void open_at_home(std::unique_ptr<Parcel<Request, Value>> parcel) {
  Home& home = parcel->home;
  const HomeMethod<Request, Value> method = parcel->method;
  Request request = std::move(parcel->request);
  Completion<Value> done = [parcel = std::move(parcel)](Result<Value, BrokerError> result) mutable {
    parcel->result = std::move(result);
    send_back(std::move(parcel));
  };
  (home.*method)(std::move(request), std::move(done));
}

}  // namespace

template <class Request, class Value>
void HomeLine::ask(ReactorIndex to, HomeMethod<Request, Value> method, Request request,
                   Completion<Value> done) {
  Home& home = *peers_.homes[to];
  if (to == courier_.own()) return (home.*method)(std::move(request), std::move(done));
  auto parcel = std::make_unique<Parcel<Request, Value>>(home, courier_.own(), method,
                                                         std::move(request), std::move(done));
  Parcel<Request, Value>* const kept = parcel.get();
  Task task = [parcel = std::move(parcel)]() mutable { open_at_home(std::move(parcel)); };
  if (courier_.try_request(to, task)) return;
  probe_.mailbox_refused();
  kept->done(std::unexpected(BrokerError::Unavailable));
}

void HomeLine::publish(PublishRequest request, Completion<Receipt> done) {
  const ReactorIndex home = home_of(request.draft.channel);
  ask(home, &Home::publish, std::move(request), std::move(done));
}

void HomeLine::publish_ephemeral(PublicationDraft draft, Completion<void> done) {
  const ReactorIndex home = home_of(draft.channel);
  ask(home, &Home::publish_ephemeral, std::move(draft), std::move(done));
}

void HomeLine::read(ReadRequest request, Completion<Page> done) {
  const ReactorIndex home = home_of(request.channel);
  ask(home, &Home::read, std::move(request), std::move(done));
}

void HomeLine::join(ReadRequest request, Completion<Page> done) {
  const ReactorIndex home = home_of(request.channel);
  ask(home, &Home::join, JoinRequest{courier_.own(), std::move(request)}, std::move(done));
}

void HomeLine::delete_history(std::string channel, Completion<Position> done) {
  const ReactorIndex home = home_of(channel);
  ask(home, &Home::delete_history, std::move(channel), std::move(done));
}

void HomeLine::list_channels(ReactorIndex home, ListRequest request, Completion<ChannelList> done) {
  ask(home, &Home::list_channels, std::move(request), std::move(done));
}

bool HomeLine::try_leave(Bytes channel) {
  const ReactorIndex to = home_of(channel);
  Home* const home = peers_.homes[to];
  const ReactorIndex own = courier_.own();
  if (to == own) {
    home->leave(own, channel);
    return true;
  }
  Task task = [home, own, channel = std::string(channel)] { home->leave(own, channel); };
  if (courier_.try_post(to, task)) return true;
  probe_.mailbox_refused();
  return false;
}

void HomeLine::list_members(PresenceQuery query, Completion<PresencePage> done) {
  const ReactorIndex home = home_of(query.channel);
  ask(home, &Home::list_members, std::move(query), std::move(done));
}

void HomeLine::set_presence_data(PresenceData data, Completion<bool> done) {
  const ReactorIndex home = home_of(data.channel);
  ask(home, &Home::set_presence_data, std::move(data), std::move(done));
}

void HomeLine::are_together(ReactorIndex home, PresencePair pair, Completion<bool> done) {
  ask(home, &Home::are_together, pair, std::move(done));
}

bool HomeLine::try_tell(PresenceNotice& notice) {
  const ReactorIndex to = home_of(notice.channel);
  Home* const home = peers_.homes[to];
  const ReactorIndex own = courier_.own();
  if (to == own) {
    home->on_presence(own, notice);
    return true;
  }
  auto sent = std::make_unique<PresenceNotice>(std::move(notice));
  PresenceNotice* const kept = sent.get();
  Task task = [home, own, sent = std::move(sent)] { home->on_presence(own, *sent); };
  if (courier_.try_post(to, task)) return true;
  probe_.mailbox_refused();
  notice = std::move(*kept);
  return false;
}

}  // namespace carillon::hub
