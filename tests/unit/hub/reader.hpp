// A subscriber that writes down what it hears, and checks the octets that come with it.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/hub/town.hpp"

namespace carillon::hub {

class Reader : public Subscriber {
 public:
  Reader(Town& town, ReactorIndex reactor, std::optional<WireFormId> form = std::nullopt)
      : town_(town), hub_(town.hub(reactor)), form_(form.value_or(town.plain)) {}
  ~Reader() {
    for (const SubscriptionId id : ids) hub_.unsubscribe(id);
  }

  Hub& hub() { return hub_; }

  SubscriptionId subscribe(SubscribeRequest request) {
    const SubscriptionId id = hub_.subscribe(
        *this, std::move(request), [this](auto result) { answers.push_back(std::move(result)); });
    ids.push_back(id);
    return id;
  }
  SubscriptionId subscribe(const std::string& channel, SubscribeStart start = Live{}) {
    SubscribeRequest request;
    request.channel = channel;
    request.start = start;
    return subscribe(std::move(request));
  }
  const Subscribed& answer() { return answers.at(0).value(); }
  std::vector<std::string> missed() {
    std::vector<std::string> data;
    for (const PublicationPtr& publication : answer().missed) data.push_back(publication->data);
    return data;
  }

  WireFormId wire_form() const override { return form_; }
  void on_delivery(const Delivery& delivery) override {
    ++deliveries;
    check_octets(delivery);
    was_whole = delivery.is_whole();
    for (const PublicationPtr& publication : delivery.publications()) {
      heard.push_back(publication->data);
    }
    position = delivery.position();
    if (then) std::exchange(then, nullptr)();
  }
  void on_gap(SubscriptionId, const Position& at) override {
    heard.push_back("gap " + std::to_string(at.offset));
    position = at;
    if (then) std::exchange(then, nullptr)();
  }
  bool congested() const override { return is_congested; }

  std::vector<SubscriptionId> ids;
  std::vector<Result<Subscribed, BrokerError>> answers;
  std::vector<std::string> heard;  // data, and `gap <offset>`
  Position position;
  std::size_t deliveries = 0;
  bool was_whole = false;
  bool is_congested = false;
  std::move_only_function<void()> then;  // once, in the next call

 protected:
  void check_octets(const Delivery& delivery) {
    std::string all;
    ASSERT_FALSE(delivery.publications().empty());
    for (std::size_t index = 0; index < delivery.publications().size(); ++index) {
      std::string one;
      town_.forms.encode(form_, *delivery.publications()[index], one);
      ASSERT_EQ(delivery.bytes(index).view(), one);
      all += one;
    }
    std::string pieces;
    delivery.for_each_piece([&](const SharedBytes& piece) { pieces += piece.view(); });
    ASSERT_EQ(pieces, all);
    if (delivery.is_whole()) {
      ASSERT_EQ(delivery.bytes().view(), all);
    }
  }

  Town& town_;
  Hub& hub_;
  WireFormId form_;
};

}  // namespace carillon::hub
