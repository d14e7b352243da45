#include "protocol/native/position_list.hpp"

namespace carillon::native {

void append_position_list(std::string& out, const PositionList& positions, PositionListForm form) {
  bool is_first = true;
  for (const std::optional<Position>& position : positions) {
    if (!is_first) out.push_back(static_cast<char>(form));
    is_first = false;
    if (position) {
      append_text(out, *position);
    } else {
      out.push_back('-');
    }
  }
}

std::optional<PositionList> parse_position_list(Bytes text, PositionListForm form) {
  const char separator = static_cast<char>(form);
  PositionList positions;
  for (bool is_last = false; !is_last;) {
    if (positions.size() == kMaxChannelsPerRequest) return std::nullopt;
    const std::size_t end = text.find(separator);
    const Bytes item = text.substr(0, end);
    positions.push_back(parse_position(item));
    if (!positions.back() && item != "-") return std::nullopt;
    is_last = end == Bytes::npos;
    if (!is_last) text.remove_prefix(end + 1);
  }
  return positions;
}

}  // namespace carillon::native
