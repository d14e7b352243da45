// The application itself as a reader of channels.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <variant>

#include "carillon/channel.hpp"
#include "hub/subscriber.hpp"
#include "hub/subscription.hpp"

namespace carillon::facade {

class Local;

/// Hears one channel until it is destroyed. Where the channel cannot be reached it tries again.
/// Thread: its reactor's.
class ChannelListener final : private hub::Subscriber {
 public:
  ChannelListener(Local& local, std::uint64_t number, std::string channel,
                  hub::SubscribeStart start, ChannelOptions options);
  ~ChannelListener();

  void begin();
  /// Nothing is heard any more; it may be destroyed after the tick.
  void end();

 private:
  hub::WireFormId wire_form() const override;
  void on_delivery(const hub::Delivery& delivery) override;
  void on_gap(hub::SubscriptionId subscription, const Position& position) override;
  bool congested() const override { return false; }

  void on_answer(Result<hub::Subscribed, hub::BrokerError> answer);
  void try_again();
  void hear(const hub::Publication& publication);
  void tell_gap(const Position& position);

  Local& local_;
  std::uint64_t number_;
  std::string channel_;
  hub::SubscribeStart start_;
  ChannelOptions options_;
  hub::SubscriptionId subscription_;
  bool ended_ = false;
};

/// All of one reactor, by the number of their SubscriptionId.
class ChannelListeners {
 public:
  void add(Local& local, std::uint64_t number, std::string channel, hub::SubscribeStart start,
           ChannelOptions options);
  void remove(Local& local, std::uint64_t number);
  ChannelListener* find(std::uint64_t number);

 private:
  std::unordered_map<std::uint64_t, std::unique_ptr<ChannelListener>> listeners_;
};

}  // namespace carillon::facade
