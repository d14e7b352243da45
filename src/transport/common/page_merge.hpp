// Publications of several channels in one answer: oldest first, and where to continue in each.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/position.hpp"
#include "hub/publication.hpp"
#include "protocol/native/position_list.hpp"

namespace carillon::transport {

/// What one channel has to offer.
struct ChannelPart {
  std::vector<hub::PublicationPtr> publications;  // oldest first
  std::optional<Position> begin;                  // just before the first of them
  std::optional<Position> end;                    // after the last of them
};

struct MergedPage {
  std::vector<hub::PublicationPtr> publications;  // by timestamp
  native::PositionList positions;                 // one per part, in their order
};

/// Which publications are given where there are more than the limit.
enum class MergeKeep : std::uint8_t { Oldest, Newest };

/// `Oldest`: a reader that continues from the positions gets the others next. `Newest`: the
/// positions are the ends.
MergedPage merge_parts(std::vector<ChannelPart> parts, std::size_t limit, MergeKeep keep);

}  // namespace carillon::transport
