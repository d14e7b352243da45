#include "protocol/websocket/receiver.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/utf8.hpp"

namespace carillon::websocket {
namespace {

Bytes view_of(std::span<const char> octets) {
  return {octets.data(), octets.size()};
}

/// An extension's payload is not text yet: whoever negotiated it checks what it makes of it.
bool is_checked_text(Opcode opcode, ReservedBits reserved_bits) {
  return opcode == Opcode::Text && reserved_bits == kNoReservedBits;
}

/// The most octets of a message on the wire. DEFLATE stores what it cannot compress in blocks with
/// headers of 5 octets; a 64th leaves room for small blocks.
std::uint64_t most_wire_bytes(std::uint64_t message_bytes, ReservedBits reserved_bits) {
  constexpr std::uint64_t kHeaders = 64;
  if (reserved_bits == kNoReservedBits) return message_bytes;
  return message_bytes + message_bytes / 64 + kHeaders;
}

/// A message that has begun: its fragments, or the part of its only frame that has arrived.
struct OpenMessage {
  Opcode opcode;
  ReservedBits reserved_bits;
  Utf8Validator utf8;
  std::uint32_t fragment_count = 0;
  std::vector<char> payload;

  bool is_text() const { return is_checked_text(opcode, reserved_bits); }

  /// `rest_bytes` of the frame come after `piece`. The buffer doubles, whatever the header
  /// promises, so that it costs a peer what it costs us; but it does not outgrow the message
  /// where its end is known.
  void append(Bytes piece, const FrameHeader& frame, std::uint64_t rest_bytes) {
    const std::size_t needed = payload.size() + piece.size();
    if (frame.is_final && needed > payload.capacity()) {
      const std::uint64_t most = needed + rest_bytes;
      const std::uint64_t doubled = std::max<std::uint64_t>(needed, 2 * payload.capacity());
      payload.reserve(static_cast<std::size_t>(std::min(most, doubled)));
    }
    payload.insert(payload.end(), piece.begin(), piece.end());
  }
};

}  // namespace

/// What is kept while something is half-way.
struct Receiver::Partial {
  enum class Delivered : std::uint8_t { Nothing, Control, Message };

  std::array<char, kMaxFrameHeaderBytes> header_octets;
  std::uint8_t header_octet_count = 0;
  Delivered delivered = Delivered::Nothing;  // by the last event, which still views it
  std::optional<FrameHeader> frame;          // whose payload is arriving
  std::uint64_t frame_received_bytes = 0;
  std::optional<OpenMessage> message;
  std::vector<char> control;

  bool empty() const { return header_octet_count == 0 && !frame && !message; }
};

Receiver::Receiver(Role role, Limits limits, ReservedBits allowed)
    : limits_(limits), role_(role), allowed_(allowed) {}
Receiver::~Receiver() = default;
Receiver::Receiver(Receiver&&) noexcept = default;
Receiver& Receiver::operator=(Receiver&&) noexcept = default;

Receiver::Step Receiver::next(std::span<char>& input) {
  if (error_) return std::unexpected(*error_);
  if (close_received_) {
    partial_.reset();
    input = {};
    return std::nullopt;
  }
  release_delivered();
  Step step = advance(input);
  if (!step) {
    error_ = step.error();
    partial_.reset();
  }
  return step;
}

Receiver::Step Receiver::advance(std::span<char>& input) {
  while (true) {
    if (!partial_ || !partial_->frame) {
      const std::optional<FrameHeader> header = TRY(take_header(input));
      if (!header) return std::nullopt;
      TRY(admit(*header));
      if (is_whole_event(*header) && header->payload_bytes <= input.size()) {
        const std::span<char> payload = input.first(header->payload_bytes);
        input = input.subspan(header->payload_bytes);
        return whole_frame(*header, payload);
      }
      begin_frame(*header);
    }
    Step step = frame_piece(input);
    if (!step || *step || partial_->frame) return step;
  }
}

Result<std::optional<FrameHeader>, ProtocolError> Receiver::take_header(std::span<char>& input) {
  if (!partial_ || partial_->header_octet_count == 0) {
    const auto parsed = TRY(parse_frame_header(view_of(input), role_, allowed_));
    if (parsed) {
      input = input.subspan(parsed->header_bytes);
      return parsed->header;
    }
    if (input.empty()) return std::nullopt;
  }
  // The header is cut: its front was kept, or has to be.
  Partial& kept = partial();
  const std::size_t kept_count = kept.header_octet_count;
  const std::size_t room = kept.header_octets.size() - kept_count;
  const std::size_t taken = std::min(room, input.size());
  std::ranges::copy(input.first(taken), kept.header_octets.begin() + kept_count);
  const Bytes octets = Bytes(kept.header_octets.data(), kept_count + taken);
  const auto parsed = TRY(parse_frame_header(octets, role_, allowed_));
  kept.header_octet_count = parsed ? 0 : static_cast<std::uint8_t>(octets.size());
  input = input.subspan(parsed ? parsed->header_bytes - kept_count : taken);
  return parsed ? std::optional(parsed->header) : std::nullopt;
}

Receiver::Check Receiver::admit(const FrameHeader& header) const {
  if (is_control(header.opcode)) return {};
  const OpenMessage* message = partial_ && partial_->message ? &*partial_->message : nullptr;
  const bool continues = header.opcode == Opcode::Continuation;
  if (continues && message == nullptr) {
    return std::unexpected(ProtocolError::UnexpectedContinuation);
  }
  if (!continues && message != nullptr) return std::unexpected(ProtocolError::ExpectedContinuation);
  const std::uint64_t held_bytes = continues ? message->payload.size() : 0;
  const ReservedBits reserved_bits = continues ? message->reserved_bits : header.reserved_bits;
  if (header.payload_bytes >
      most_wire_bytes(limits_.max_message_bytes, reserved_bits) - held_bytes) {
    return std::unexpected(ProtocolError::MessageTooBig);
  }
  if (continues && message->fragment_count >= limits_.max_fragments) {
    return std::unexpected(ProtocolError::TooManyFragments);
  }
  return {};
}

bool Receiver::is_whole_event(const FrameHeader& header) {
  return header.is_final && header.opcode != Opcode::Continuation;
}

Receiver::Step Receiver::whole_frame(const FrameHeader& header, std::span<char> payload) {
  if (header.mask) apply_mask(payload, *header.mask, 0);
  const Bytes octets = view_of(payload);
  if (is_control(header.opcode)) return control_event(header.opcode, octets);
  if (is_checked_text(header.opcode, header.reserved_bits) && !is_utf8(octets)) {
    return std::unexpected(ProtocolError::InvalidUtf8);
  }
  return Message{.opcode = header.opcode, .payload = octets, .reserved_bits = header.reserved_bits};
}

void Receiver::begin_frame(const FrameHeader& header) {
  Partial& kept = partial();
  kept.frame = header;
  kept.frame_received_bytes = 0;
  if (is_control(header.opcode)) return;
  if (header.opcode != Opcode::Continuation) {
    kept.message.emplace(OpenMessage{
        .opcode = header.opcode, .reserved_bits = header.reserved_bits, .utf8 = {}, .payload = {}});
  }
  ++kept.message->fragment_count;
}

Receiver::Step Receiver::frame_piece(std::span<char>& input) {
  Partial& kept = *partial_;
  const FrameHeader& frame = *kept.frame;
  const std::uint64_t wanted_bytes = frame.payload_bytes - kept.frame_received_bytes;
  const std::span<char> piece =
      input.first(static_cast<std::size_t>(std::min<std::uint64_t>(wanted_bytes, input.size())));
  input = input.subspan(piece.size());
  if (frame.mask) apply_mask(piece, *frame.mask, kept.frame_received_bytes);
  kept.frame_received_bytes += piece.size();
  if (is_control(frame.opcode)) {
    kept.control.insert(kept.control.end(), piece.begin(), piece.end());
  } else {
    if (kept.message->is_text() && !kept.message->utf8.feed(view_of(piece))) {
      return std::unexpected(ProtocolError::InvalidUtf8);
    }
    kept.message->append(view_of(piece), frame, wanted_bytes - piece.size());
  }
  if (piece.size() < wanted_bytes) return std::nullopt;
  return end_of_frame();
}

Receiver::Step Receiver::end_of_frame() {
  Partial& kept = *partial_;
  const FrameHeader frame = *std::exchange(kept.frame, std::nullopt);
  if (is_control(frame.opcode)) {
    kept.delivered = Partial::Delivered::Control;
    return control_event(frame.opcode, view_of(kept.control));
  }
  if (!frame.is_final) return std::nullopt;
  const OpenMessage& message = *kept.message;
  if (message.is_text() && !message.utf8.complete()) {
    return std::unexpected(ProtocolError::InvalidUtf8);
  }
  kept.delivered = Partial::Delivered::Message;
  return Message{.opcode = message.opcode,
                 .payload = view_of(message.payload),
                 .reserved_bits = message.reserved_bits};
}

Receiver::Step Receiver::control_event(Opcode opcode, Bytes payload) {
  if (opcode == Opcode::Ping) return Ping{payload};
  if (opcode == Opcode::Pong) return Pong{payload};
  const Close close = TRY(parse_close_payload(payload));
  close_received_ = true;
  return close;
}

Receiver::Partial& Receiver::partial() {
  if (!partial_) partial_ = std::make_unique<Partial>();
  return *partial_;
}

void Receiver::release_delivered() {
  if (!partial_) return;
  if (partial_->delivered == Partial::Delivered::Control) partial_->control.clear();
  if (partial_->delivered == Partial::Delivered::Message) partial_->message.reset();
  partial_->delivered = Partial::Delivered::Nothing;
  if (partial_->empty()) partial_.reset();
}

}  // namespace carillon::websocket
