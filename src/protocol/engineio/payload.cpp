#include "protocol/engineio/payload.hpp"

namespace carillon::engineio {

std::optional<Packet> PayloadReader::next() {
  const std::size_t end = rest_.find(kPacketSeparator);
  const Bytes text = rest_.substr(0, end);
  at_end_ = end == Bytes::npos;
  rest_.remove_prefix(at_end_ ? rest_.size() : end + 1);
  return parse_packet(text, octets_);
}

void append_to_payload(std::string& payload, const Packet& packet) {
  if (!payload.empty()) payload.push_back(kPacketSeparator);
  append_packet(payload, packet);
}

}  // namespace carillon::engineio
