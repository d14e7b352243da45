// A subscriber that judges everything it is told: each offset once and in order, or a gap told.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "tests/unit/hub/reader.hpp"

namespace carillon::hub {

/// What one subscription may rely on, and what it has heard so far.
struct Following {
  std::string channel;
  Position last;
  ClientId left_out;          // its own publications are rightly missing
  bool is_contiguous = true;  // false: newer ones may have replaced older ones
  bool has_joined = false;
  std::size_t gaps = 0;
  std::set<std::uint64_t> skipped;  // must turn out to be its own, or conflated
  std::map<std::string, std::uint64_t> last_of_key;
  std::map<std::string, std::uint64_t> last_ephemeral;  // by who sent it
};

class ModelReader final : public Reader {
 public:
  using Reader::Reader;

  void follow(SubscribeRequest request) {
    Following following;
    following.channel = request.channel;
    if (request.echo == Echo::NotMyOwn) following.left_out = request.client;
    // The answer may come before the id is known, and an error does not name it.
    const auto known_id = std::make_shared<SubscriptionId>();
    const auto early = std::make_shared<Following>(following);
    const auto has_failed = std::make_shared<bool>(false);
    const SubscriptionId id =
        hub_.subscribe(*this, request, [this, known_id, early, has_failed, request](auto result) {
          *has_failed = !result || !result->joined;
          if (*has_failed) {
            followings.erase(*known_id);
          } else {
            on_answer(*known_id ? followings.at(*known_id) : *early, request, *result);
          }
        });
    *known_id = id;
    ids.push_back(id);
    if (!*has_failed) followings.emplace(id, *early);
  }

  void unfollow(SubscriptionId id) {
    hub_.unsubscribe(id);
    followings.erase(id);
  }

  void on_delivery(const Delivery& delivery) override {
    ASSERT_TRUE(followings.contains(delivery.subscription())) << "heard after its end";
    check_octets(delivery);
    Following& following = followings[delivery.subscription()];
    ASSERT_TRUE(following.has_joined) << "heard before the answer";
    for (const PublicationPtr& publication : delivery.publications()) {
      ASSERT_EQ(publication->channel, following.channel);
      if (publication->is_kept()) {
        on_kept(following, *publication);
      } else {
        on_ephemeral(following, *publication);
      }
    }
    ASSERT_EQ(delivery.position().epoch, following.last.epoch);
    skip_to(following, delivery.position().offset);
    if (misbehave) misbehave(*this);  // the last thing done: it may end this reader
  }

  void on_gap(SubscriptionId id, const Position& at) override {
    ASSERT_TRUE(followings.contains(id)) << "heard after its end";
    Following& following = followings[id];
    ASSERT_TRUE(following.has_joined);
    ++following.gaps;
    if (at.epoch == following.last.epoch) {
      ASSERT_GT(at.offset, following.last.offset) << "a gap of nothing";
    }
    following.last = at;
    if (misbehave) misbehave(*this);
  }

  std::unordered_map<SubscriptionId, Following> followings;
  std::function<void(ModelReader&)> misbehave;

 private:
  void on_answer(Following& following, const SubscribeRequest& request, const Subscribed& answer) {
    following.has_joined = true;
    following.is_contiguous = answer.contiguous;
    following.last = answer.begin;
    const After* const after = std::get_if<After>(&request.start);
    if (after != nullptr && answer.recovered()) {
      ASSERT_EQ(answer.begin, after->position);
    }
    ASSERT_LE(answer.missed.size(), limits::kPagePublications * limits::kSubscribeRounds);
    for (const PublicationPtr& publication : answer.missed) on_kept(following, *publication);
    skip_to(following, answer.missed_until.offset);
    ASSERT_EQ(following.last, answer.missed_until);
    if (answer.more_missed) {
      ASSERT_GT(answer.position.offset, answer.missed_until.offset);
    } else {
      ASSERT_EQ(answer.position, answer.missed_until);
    }
    following.last = answer.position;
  }

  void on_kept(Following& following, const Publication& publication) {
    ASSERT_EQ(publication.position.epoch, following.last.epoch);
    ASSERT_GT(publication.position.offset, following.last.offset) << "heard twice";
    if (following.left_out) {
      ASSERT_NE(publication.client, following.left_out);
    }
    skip_to(following, publication.position.offset - 1);
    following.last = publication.position;
    following.last_of_key[publication.key] = publication.position.offset;
  }

  void on_ephemeral(Following& following, const Publication& publication) {
    const std::size_t colon = publication.data.find(':');
    const std::string sender = publication.data.substr(0, colon);
    const std::uint64_t number = std::stoull(publication.data.substr(colon + 1));
    ASSERT_GT(number, following.last_ephemeral[sender]) << "twice or out of order";
    following.last_ephemeral[sender] = number;
  }

  void skip_to(Following& following, std::uint64_t offset) {
    for (; following.last.offset < offset; ++following.last.offset) {
      ASSERT_TRUE(following.left_out || !following.is_contiguous)
          << following.channel << " lost " << following.last.offset + 1;
      following.skipped.insert(following.last.offset + 1);
    }
  }
};

}  // namespace carillon::hub
