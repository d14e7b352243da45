// One position per requested channel, in the order of the request: what `after`, the header
// Carillon-Position and the `id:` of SSE carry.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "core/position.hpp"

namespace carillon::native {

constexpr std::size_t kMaxChannelsPerRequest = 100;

/// An empty one stands for a channel whose position the reader does not know (`-`).
using PositionList = std::vector<std::optional<Position>>;

/// Text on the wire: `k3f9:42,-,m2p4:7`. The cookie form has `.` for `,`, which a cookie's value
/// cannot hold (RFC 6265 §4.1.1).
enum class PositionListForm : char { Text = ',', Cookie = '.' };

void append_position_list(std::string& out, const PositionList& positions,
                          PositionListForm form = PositionListForm::Text);

/// Empty unless the text is a list of 1–100 positions; whether there are as many as channels is
/// for the caller to compare.
std::optional<PositionList> parse_position_list(Bytes text,
                                                PositionListForm form = PositionListForm::Text);

}  // namespace carillon::native
