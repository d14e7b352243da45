// What one subscription keeps while its endpoint is congested, under drop_oldest and conflate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/hash.hpp"
#include "core/position.hpp"
#include "core/shared_bytes.hpp"
#include "hub/namespace_settings.hpp"
#include "hub/probe.hpp"
#include "hub/publication.hpp"

namespace carillon::hub {

/// A queue bounded in bytes. Over its limit the oldest go, and a gap takes their place; under
/// Conflate a newer publication also replaces an older one of the same key.
/// Units: limits as Publication::footprint_bytes.
class Backlog {
 public:
  /// `position`: where the subscription stands before the first that is pushed.
  /// Lifetime: `counts` outlives the backlog.
  Backlog(OutboxPolicy policy, std::size_t limit_bytes, const Position& position,
          HubCounts& counts);
  Backlog(const Backlog&) = delete;
  Backlog& operator=(const Backlog&) = delete;
  ~Backlog();

  void push(const PublicationPtr& publication, const SharedBytes& message);
  /// Continuity was lost before what is pushed next.
  void push_gap(const Position& position);

  bool is_empty() const { return items_.empty() && !gap_at_front_; }
  /// With those that were replaced and not yet swept out.
  std::size_t item_count() const { return items_.size(); }

  /// What comes next: a gap, or publications with their octets.
  struct Piece {
    bool is_gap = false;
    Position position;  // of the gap, or after the publications
    std::vector<PublicationPtr> publications;
    std::vector<SharedBytes> messages;
  };
  /// Takes out a gap or up to `limit` publications; only when not empty.
  Piece take(std::size_t limit);

 private:
  struct Item {
    PublicationPtr publication;  // null: replaced, or a gap
    SharedBytes message;
    bool is_gap = false;
  };

  void replace(const Publication& publication);
  void drop_front();
  void remove_front();
  void forget_key(const Publication& oldest);
  void skip_replaced();
  void sweep();

  const OutboxPolicy policy_;
  const std::size_t limit_bytes_;
  Position position_;
  HubCounts& counts_;
  std::deque<Item> items_;
  std::deque<Position> gaps_;  // of the gap items, in order
  bool gap_at_front_ = false;  // the oldest were dropped: `dropped_until_` is to be told
  Position dropped_until_;
  std::size_t bytes_ = 0;
  std::size_t replaced_count_ = 0;  // items that are empty shells
  std::uint64_t front_number_ = 0;  // of items_.front(); grows with each that leaves
  /// Conflate: the number of the item that holds a key. Views into the items' publications.
  std::unordered_map<std::string_view, std::uint64_t, StringHash> by_key_;
};

}  // namespace carillon::hub
