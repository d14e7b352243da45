// permessage-deflate on one connection, both directions (RFC 7692 §7.2): which messages are
// compressed, with what context, and what a compressed one says.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "protocol/websocket/deflate_pool.hpp"
#include "protocol/websocket/receiver.hpp"

namespace carillon::websocket {

/// Appends a frame of the message without a mask: compressed without context for a window of
/// 2^window_bits, so that everybody with that window can be sent the same octets; or as it is,
/// where it would not become smaller.
void append_shared_frame(std::string& out, Opcode opcode, Bytes payload, std::uint8_t window_bits,
                         DeflatePool& pool);

/// A server's side of one connection. Holds no memory but itself unless contexts are taken over.
/// Lifetime: the pool outlives it.
/// Thread:   the pool's.
class MessageDeflate {
 public:
  MessageDeflate(const DeflateParameters& parameters, DeflatePool& pool)
      : parameters_(parameters), pool_(pool) {}
  MessageDeflate(const MessageDeflate&) = delete;
  MessageDeflate& operator=(const MessageDeflate&) = delete;
  ~MessageDeflate();

  const DeflateParameters& parameters() const { return parameters_; }

  /// What `message` says: its own payload where it is not compressed, otherwise a view of
  /// `buffer`, which is replaced. Text is UTF-8.
  /// Errors: InvalidCompression, MessageTooBig (over `limit_bytes`), InvalidUtf8.
  Result<Bytes, ProtocolError> inflate(const Message& message, std::size_t limit_bytes,
                                       std::vector<char>& buffer);

  /// Appends a frame of the message without a mask, compressed if that makes it smaller.
  void append_frame(std::string& out, Opcode opcode, Bytes payload);

  /// Frames of `append_shared_frame` are sent: the peer's window holds them now, and ours does not.
  void on_shared_frames() { context_is_stale_ = true; }
  /// Nothing has been said for a while. The next message stands for itself.
  void release_deflater();

 private:
  Inflater& inflater();
  Deflater& deflater();

  DeflateParameters parameters_;
  DeflatePool& pool_;
  // Of contexts that are taken over, from the first compressed message on.
  std::unique_ptr<Deflater> deflater_;
  std::unique_ptr<Inflater> inflater_;
  bool context_is_stale_ = false;  // the deflater's; it is reset when it is needed next
};

}  // namespace carillon::websocket
