// The line from one reactor to the homes of channels: a plain call where the home is here, a task
// and its answer where it is on another reactor.
#pragma once

#include "hub/broker.hpp"
#include "hub/courier.hpp"
#include "hub/home.hpp"
#include "hub/peers.hpp"
#include "hub/probe.hpp"

namespace carillon::hub {

/// Errors: a full mailbox answers `Unavailable` at once.
/// Thread: its reactor's.
class HomeLine {
 public:
  /// Lifetime: all of them outlive the line.
  HomeLine(Courier& courier, const Peers& peers, Probe& probe)
      : courier_(courier), peers_(peers), probe_(probe) {}

  void publish(PublishRequest request, Completion<Receipt> done);
  void publish_ephemeral(PublicationDraft draft, Completion<void> done);
  void read(ReadRequest request, Completion<Page> done);
  void join(ReadRequest request, Completion<Page> done);
  void delete_history(std::string channel, Completion<Position> done);
  void list_channels(ReactorIndex home, ListRequest request, Completion<ChannelList> done);
  /// False when the mailbox is full.
  [[nodiscard]] bool try_leave(Bytes channel);

  void list_members(PresenceQuery query, Completion<PresencePage> done);
  void set_presence_data(PresenceData data, Completion<bool> done);
  void are_together(ReactorIndex home, PresencePair pair, Completion<bool> done);
  /// False when the mailbox is full; `notice` is moved from only when true.
  [[nodiscard]] bool try_tell(PresenceNotice& notice);

  /// Tells the reactors that are behind, as far as this reactor is a home.
  void retry_notices() { peers_.homes[courier_.own()]->retry_notices(); }
  void on_time() { peers_.homes[courier_.own()]->on_time(); }
  std::size_t reactor_count() const { return courier_.reactor_count(); }

 private:
  ReactorIndex home_of(Bytes channel) const {
    return hub::home_of(channel, courier_.reactor_count());
  }
  template <class Request, class Value>
  void ask(ReactorIndex to, void (Home::*method)(Request, Completion<Value>), Request request,
           Completion<Value> done);

  Courier& courier_;
  const Peers& peers_;
  Probe& probe_;
};

}  // namespace carillon::hub
