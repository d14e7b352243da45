// A broker as one over a network would behave: it acts later, answers later still, may fail
// before or after it has acted, and what it tells may be told twice or not at all.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "hub/broker.hpp"

namespace carillon::hub {

struct Troubles {
  bool is_slow = false;  // calls and answers wait for `run_one`
  double failing = 0;    // share of calls that bring Unavailable
  double losing = 0;     // share of publications that are not told
  double repeating = 0;  // share that are told twice
};

/// In front of a real one; calm and at once unless it was given troubles.
class SlowBroker final : public Broker, public BrokerListener {
 public:
  SlowBroker(std::unique_ptr<Broker> real, std::uint32_t seed)
      : real_(std::move(real)), random_(seed) {
    real_->listen(*this);
  }

  Troubles troubles;
  std::size_t told = 0;                         // publications by the real one
  std::function<void(Page&)> tamper_with_read;  // e.g. as a replica that lags
  Broker& real() { return *real_; }

  void listen(BrokerListener& listener) override { listener_ = &listener; }

  void publish(PublishRequest request, Completion<Receipt> done) override {
    call<Receipt>(&Broker::publish, std::move(request), std::move(done));
  }
  void publish_ephemeral(PublicationDraft draft, Completion<void> done) override {
    call<void>(&Broker::publish_ephemeral, std::move(draft), std::move(done));
  }
  void read(ReadRequest request, Completion<Page> done) override {
    call<Page>(&Broker::read, std::move(request),
               [this, done = std::move(done)](Result<Page, BrokerError> page) mutable {
                 if (page && tamper_with_read) tamper_with_read(*page);
                 done(std::move(page));
               });
  }
  void subscribe(ReadRequest request, Completion<Page> done) override {
    call<Page>(&Broker::subscribe, std::move(request), std::move(done));
  }
  void unsubscribe(Bytes channel) override {
    if (!troubles.is_slow && calls_.empty()) return real_->unsubscribe(channel);
    calls_.emplace_back([this, name = std::string(channel)] { real_->unsubscribe(name); });
  }
  void list_channels(ListRequest request, Completion<ChannelList> done) override {
    call<ChannelList>(&Broker::list_channels, std::move(request), std::move(done));
  }
  void delete_history(std::string channel, Completion<Position> done) override {
    call<Position>(&Broker::delete_history, std::move(channel), std::move(done));
  }
  void on_time() override { real_->on_time(); }

  /// Acts on the oldest call, or gives one of the answers; false when there is neither.
  bool run_one() {
    const std::size_t count = calls_.size() + answers_.size();
    if (count == 0) return false;
    if (random_() % count < calls_.size()) {
      std::move_only_function<void()> act = std::move(calls_.front());
      calls_.pop_front();
      act();
    } else {
      const auto chosen = answers_.begin() + static_cast<long>(random_() % answers_.size());
      std::move_only_function<void()> give = std::move(*chosen);
      answers_.erase(chosen);
      give();
    }
    return true;
  }

  void on_publication(const PublicationPtr& publication) override {
    ++told;
    if (publication->is_kept() && happens(troubles.losing)) return;
    listener_->on_publication(publication);
    if (publication->is_kept() && happens(troubles.repeating)) {
      listener_->on_publication(publication);
    }
  }

 private:
  bool happens(double share) {
    return share > 0 && std::uniform_real_distribution<double>(0, 1)(random_) < share;
  }

  template <class Value, class Request>
  void call(void (Broker::*method)(Request, Completion<Value>), Request request,
            Completion<Value> done) {
    // Calls keep their order even where the slowness has just ended.
    if (!troubles.is_slow && calls_.empty()) {
      if (happens(troubles.failing)) return done(std::unexpected(BrokerError::Unavailable));
      return (*real_.*method)(std::move(request), std::move(done));
    }
    calls_.emplace_back([this, method, request = std::move(request),
                         done = std::move(done)]() mutable {
      if (happens(troubles.failing)) {
        return answer<Value>(std::move(done), std::unexpected(BrokerError::Unavailable));
      }
      (*real_.*method)(std::move(request),
                       [this, done = std::move(done)](Result<Value, BrokerError> result) mutable {
                         if (happens(troubles.failing))
                           result = std::unexpected(BrokerError::Unavailable);
                         answer<Value>(std::move(done), std::move(result));
                       });
    });
  }

  template <class Value>
  void answer(Completion<Value> done, Result<Value, BrokerError> result) {
    answers_.emplace_back([done = std::move(done), result = std::move(result)]() mutable {
      done(std::move(result));
    });
  }

  std::unique_ptr<Broker> real_;
  BrokerListener* listener_ = nullptr;
  std::mt19937 random_;
  std::deque<std::move_only_function<void()>> calls_;
  std::deque<std::move_only_function<void()>> answers_;
};

}  // namespace carillon::hub
