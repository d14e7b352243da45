#include "protocol/websocket/message_deflate.hpp"

#include <utility>

#include "core/utf8.hpp"

namespace carillon::websocket {
namespace {

enum class Sent : bool { Plain, Compressed };

Sent append_smaller(std::string& out, Opcode opcode, Bytes payload, Deflater& deflater,
                    DeflateCounts& counts) {
  std::string compressed;
  deflater.deflate(payload, compressed);
  const bool smaller = compressed.size() < payload.size();
  const Bytes chosen = smaller ? Bytes(compressed) : payload;
  const EncodedFrameHeader header({.opcode = opcode,
                                   .reserved_bits = smaller ? kReservedBit1 : kNoReservedBits,
                                   .payload_bytes = chosen.size()});
  out.append(header.view()).append(chosen);
  if (!smaller) return Sent::Plain;
  counts.sent_plain_bytes += payload.size();
  counts.sent_compressed_bytes += compressed.size();
  return Sent::Compressed;
}

}  // namespace

void append_shared_frame(std::string& out, Opcode opcode, Bytes payload, std::uint8_t window_bits,
                         DeflatePool& pool) {
  append_smaller(out, opcode, payload, pool.fresh_deflater(window_bits), pool.counts());
}

MessageDeflate::~MessageDeflate() {
  release_deflater();
  if (inflater_) --pool_.counts().held_inflaters;
}

void MessageDeflate::release_deflater() {
  if (!deflater_) return;
  deflater_.reset();
  --pool_.counts().held_deflaters;
}

Result<Bytes, ProtocolError> MessageDeflate::inflate(const Message& message,
                                                     std::size_t limit_bytes,
                                                     std::vector<char>& buffer) {
  if (message.reserved_bits == kNoReservedBits) return message.payload;
  buffer.clear();
  TRY(inflater().inflate(message.payload, limit_bytes, buffer));
  const Bytes said(buffer.data(), buffer.size());
  if (message.opcode == Opcode::Text && !is_utf8(said)) {
    return std::unexpected(ProtocolError::InvalidUtf8);
  }
  pool_.counts().received_compressed_bytes += message.payload.size();
  pool_.counts().received_plain_bytes += said.size();
  return said;
}

void MessageDeflate::append_frame(std::string& out, Opcode opcode, Bytes payload) {
  if (append_smaller(out, opcode, payload, deflater(), pool_.counts()) == Sent::Plain) {
    context_is_stale_ = true;  // the peer has not seen what our window holds now
  }
}

Inflater& MessageDeflate::inflater() {
  if (parameters_.client_context == Context::Fresh) return pool_.fresh_inflater();
  if (!inflater_) {
    inflater_ = std::make_unique<Inflater>(parameters_.client_window_bits);
    ++pool_.counts().held_inflaters;
  }
  return *inflater_;
}

Deflater& MessageDeflate::deflater() {
  if (parameters_.server_context == Context::Fresh) {
    return pool_.fresh_deflater(parameters_.server_window_bits);
  }
  const bool is_stale = std::exchange(context_is_stale_, false);
  if (!deflater_) {
    deflater_ = std::make_unique<Deflater>(parameters_.server_window_bits, pool_.level());
    ++pool_.counts().held_deflaters;
  } else if (is_stale) {
    deflater_->reset();
  }
  return *deflater_;
}

}  // namespace carillon::websocket
