// The way from one home to the thread that writes the log, and the way back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "cluster/dedupe_window.hpp"
#include "cluster/durable/record.hpp"
#include "cluster/durable/spsc_ring.hpp"
#include "hub/publication.hpp"
#include "net/unique_fd.hpp"
#include "net/waker.hpp"

namespace carillon::cluster::durable {

/// A publication to be written, or a deletion. Those of one lane are written in their order.
struct Submission {
  hub::PublicationPtr publication = {};  // null: a deletion
  std::optional<DedupeTicket> ticket = {};
  std::unique_ptr<const DeletionRecord> deletion = {};
  /// After a failure the home begins to number anew, and what it sent before is void: it counts
  /// these beginnings.
  std::uint32_t attempt = 0;
};

/// What became of the next `count` submissions, or, when they were not kept, of all submissions of
/// that attempt: no further word comes about them.
struct Verdict {
  std::uint64_t count = 0;
  std::uint32_t attempt = 0;
  bool is_kept = false;
};

/// Thread: said at each part.
class Lane {
 public:
  /// `writer` wakes the writing thread. Throws std::system_error without a descriptor: start-up
  /// only. Lifetime: the waker outlives the lane.
  explicit Lane(net::Waker& writer);

  // The home's thread.

  /// False when there is no room; `submission` is moved from only when true. No more may be without
  /// a verdict than limits::kLanePublications.
  [[nodiscard]] bool try_submit(Submission& submission);
  std::optional<Verdict> take_verdict() { return verdicts_.pop(); }
  /// Readable when there are verdicts to take.
  int event_fd() const { return event_.get(); }
  /// Before the verdicts are taken.
  void clear_event();

  // The writer's thread.

  /// The next one that is not void.
  std::optional<Submission> take();
  bool is_empty() const { return submissions_.is_empty(); }
  void report(const Verdict& verdict);

 private:
  net::Waker& writer_;
  net::UniqueFd event_;
  SpscRing<Submission> submissions_;
  SpscRing<Verdict> verdicts_;
  std::optional<std::uint32_t> void_attempt_;  // the writer's: up to this one all are void
};

}  // namespace carillon::cluster::durable
