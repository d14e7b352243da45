// How a log is read, and what comes of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/position.hpp"
#include "core/time.hpp"
#include "hub/limits.hpp"
#include "hub/types.hpp"

namespace carillon::hub {

/// The oldest `limit` after a position (exclusive).
struct After {
  Position position;
};
/// The oldest `limit` whose timestamp is greater.
struct Since {
  Timestamp timestamp;
};
/// The newest `limit`.
struct Latest {};
/// The newest `limit` before a position (exclusive): paging back.
struct Before {
  Position position;
};

using ReadStart = std::variant<Latest, After, Since, Before>;

struct ReadRequest {
  std::string channel;
  ReadStart start;
  std::size_t limit = 100;  // at most limits::kPagePublications count
};

/// Whether the wished start could be honoured.
enum class Continuity : std::uint8_t {
  Unbroken,
  Pruned,      // some after the wished start are no longer retained
  OtherEpoch,  // the position is of another life of the channel
  Future,      // the position is beyond the newest publication
};

/// Part of a channel's log, oldest first whatever the start was.
///
/// After, continuity broken: Pruned and OtherEpoch give what is retained, from the oldest on
/// (all of it is new to that reader); Future gives nothing. `begin` is where continuity starts
/// anew.
/// Since: Pruned tells that publications with a greater timestamp may be missing before the first
/// one given. Never OtherEpoch or Future.
/// Before: Pruned when there is nothing retained before the position although there once was; a
/// position of another epoch gives nothing, one beyond the top reads as from the top.
struct Page {
  std::vector<PublicationPtr> publications;
  Position begin;      // just before the first publication given
  Position position;   // where to continue: after the last one given (Before: before the first)
  Position oldest;     // reading after it gives all that is retained
  Position top;        // of the newest publication there ever was; offset 0: none yet
  bool at_end = true;  // nothing is left in the direction of reading
  Continuity continuity = Continuity::Unbroken;
};

}  // namespace carillon::hub
