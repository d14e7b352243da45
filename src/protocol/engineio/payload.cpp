#include "protocol/engineio/payload.hpp"

#include "protocol/engineio/counted_payload.hpp"

namespace carillon::engineio {

std::optional<Packet> PayloadReader::next() {
  if (form_ != PayloadForm::Separated) return next_counted();
  const std::size_t end = rest_.find(kPacketSeparator);
  const Bytes text = rest_.substr(0, end);
  at_end_ = end == Bytes::npos;
  rest_.remove_prefix(at_end_ ? rest_.size() : end + 1);
  return parse_packet(text, octets_);
}

std::optional<Packet> PayloadReader::next_counted() {
  const auto piece =
      form_ == PayloadForm::CountedText ? take_counted_text(rest_) : take_counted_octets(rest_);
  at_end_ = !piece || rest_.empty();
  if (!piece) return std::nullopt;
  if (piece->kind == DataKind::Binary) return parse_binary_packet(piece->data, Version::V3);
  return parse_packet(piece->data, octets_, Version::V3);
}

void append_to_payload(std::string& payload, const Packet& packet) {
  if (!payload.empty()) payload.push_back(kPacketSeparator);
  append_packet(payload, packet);
}

}  // namespace carillon::engineio
