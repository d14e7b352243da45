// One channel as one reactor hears it: in order, without holes, for the subscribers here.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/position.hpp"
#include "core/time.hpp"
#include "hub/batch.hpp"
#include "hub/clock.hpp"
#include "hub/flush_pacer.hpp"
#include "hub/handover.hpp"
#include "hub/member_list.hpp"
#include "hub/namespace_settings.hpp"
#include "hub/page.hpp"
#include "hub/probe.hpp"

namespace carillon::hub {

/// What the channels of one reactor share.
/// Lifetime: outlives the channels.
struct ChannelContext {
  BatchPool& batches;
  MemberPlaces& places;
  Handover& handover;
  Probe& probe;
  const Clock& clock;
};

/// In which lists of its `LocalChannels` a channel is.
struct ChannelMarks {
  Handle handle;
  Timestamp idle_since;     // without subscribers
  bool is_dirty = false;    // has batches to hand out, now or when they have waited
  bool is_idle = false;     // is in the list of those that may be left
  bool is_lagging = false;  // will read the log at the end of the tick
};

/// Holes are found by the offsets and filled from the log. While that is under way newer
/// publications may be dropped here: the answer and what follows it come through one FIFO, so
/// that reading until the newest one heard of is reached leaves none out.
class LocalChannel {
 public:
  LocalChannel(std::string name, const NamespaceSettings& settings, const ChannelContext& context);
  LocalChannel(const LocalChannel&) = delete;
  LocalChannel& operator=(const LocalChannel&) = delete;

  const std::string& name() const { return name_; }
  const NamespaceSettings& settings() const { return settings_; }
  MemberList& members() { return members_; }
  const MemberList& members() const { return members_; }
  ChannelMarks& marks() { return marks_; }

  /// Whether it stands at `position()` and hears all that follows.
  bool is_live() const { return state_ == State::Live; }
  const Position& position() const { return position_; }
  /// The number of the newest item; those that come from now on have greater ones.
  std::uint64_t sequence() const { return sequence_; }

  void on_publication(const PublicationPtr& publication);
  /// A subscribe was answered: the log reached so far, and what follows is heard here.
  void on_joined(const Position& top);
  /// The log is known to reach so far.
  void on_top(const Position& top);

  /// Whether something is missing and now is a good moment to read for it.
  bool wants_to_read() const;
  /// What to read; `on_read` or `on_read_failed` follows.
  ReadRequest begin_read();
  /// False when the log was of no help: try again later, not at once.
  bool on_read(const Page& page);
  void on_read_failed() { is_reading_ = false; }

  /// The last subscription has gone: nobody waits for what is missing.
  void on_emptied();

  bool has_batches() const { return !batches_.empty(); }
  /// How long its publications should wait for more; zero: hand them out now.
  std::chrono::microseconds hold() const;
  /// Hands the oldest batch to at most `budget` subscribers; returns how many were visited.
  std::size_t walk(std::size_t budget);

 private:
  enum class State : std::uint8_t {
    New,         // no position known
    Live,        // complete up to `position_`
    CatchingUp,  // `wanted_` was heard of; what is after `position_` comes from the log
  };

  void append(const PublicationPtr& publication);
  void append_gap(const Position& position);
  Batch& open_batch();
  bool has_room() const;
  void want(const Position& position);
  bool on_fruitless_read();
  void begin_walk();
  void end_walk();

  const std::string name_;
  const NamespaceSettings settings_;  // as they were when it was made: they have been announced
  const ChannelContext& context_;
  MemberList members_;
  Position position_;  // after the newest item appended
  Position wanted_;    // CatchingUp: the newest heard of
  std::uint64_t sequence_ = 0;
  /// Oldest first. The first is being handed out if `is_walking_`; only the last is added to.
  std::vector<std::unique_ptr<Batch>> batches_;
  State state_ = State::New;
  FlushPacer pacer_;
  bool is_walking_ = false;
  bool is_reading_ = false;
  std::uint8_t fruitless_reads_ = 0;
  ChannelMarks marks_;
};

}  // namespace carillon::hub
