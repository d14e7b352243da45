// An event stream of the application's own.
#pragma once

#include <any>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "carillon/event_stream.hpp"
#include "facade/channel_feed.hpp"
#include "facade/core.hpp"
#include "transport/common/exchange.hpp"

namespace carillon::facade {

/// What all streams of a path share; constant once the server runs.
struct EventStreamRoute {
  Core& core;
  EventStreamOptions options;
};

/// Lifetime: owned by its exchange; `route` outlives it.
class ApplicationEventStream final : public EventStream,
                                     public transport::Responder,
                                     private hub::Subscriber {
 public:
  ApplicationEventStream(Local& local, const EventStreamRoute& route, transport::Exchange& exchange,
                         std::any state);
  ~ApplicationEventStream() override;

  /// Lets the application begin, once the head is out.
  void open(const Request& request);

  // EventStream.
  EventStreamId id() const override { return local_.id_of<EventStream>(slot_); }
  bool is_open() const override { return open_; }
  bool send(const Event& event) override;
  bool comment(std::string_view text) override;
  std::size_t buffered_bytes() const override;
  void close() override;
  bool subscribe(std::string_view channel, std::string_view after) override;
  void unsubscribe(std::string_view channel) override { feed_.unsubscribe(channel); }
  std::any& state() override { return state_; }

  // Responder.
  void on_drained() override;
  void on_deadline() override;
  void on_shutdown(Duration reconnect_after) override;

 private:
  // Subscriber.
  hub::WireFormId wire_form() const override { return route_.core.data_event(); }
  void on_delivery(const hub::Delivery& delivery) override;
  void on_gap(hub::SubscriptionId subscription, const Position& position) override;
  bool congested() const override { return exchange_.congested(); }

  template <class Call>
  void call(const char* handler, Call invoke);
  bool write(std::string_view text);
  ChannelFeed::Answer answer();
  void on_answer(const std::string& channel, Result<hub::Subscribed, hub::BrokerError> answer);
  void catch_up();
  void send_gap(const Position& position);
  bool is_full() const;
  void watch_heartbeat();
  void watch_drain() const;
  void on_flush();

  Local& local_;
  const EventStreamRoute& route_;
  transport::Exchange& exchange_;
  ChannelFeed feed_;
  std::vector<std::pair<std::string, Position>> behind_;  // channels that go on from there
  std::any state_;
  Handle slot_;
  bool open_ = true;
  bool opened_ = false;
  mutable bool watching_ = false;
  transport::OpenCount open_count_;
};

/// The handler of a route.
void serve_event_stream(Local& local, transport::Exchange& exchange, const EventStreamRoute& route);

}  // namespace carillon::facade
