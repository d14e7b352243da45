// Publications as WebSocket frames: framed once, and compressed once per window, for every reader.
#pragma once

#include <cstdint>
#include <string>

#include "hub/publication.hpp"
#include "hub/wire_form.hpp"
#include "protocol/native/encoding.hpp"
#include "protocol/websocket/deflate_pool.hpp"
#include "protocol/websocket/frame.hpp"
#include "transport/common/settings.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

/// How one reader gets its frames.
struct FrameForm {
  native::Encoding encoding = native::Encoding::Json;
  std::uint8_t window_bits = 0;  // 0: not compressed

  hub::WireFormId id(const WireFormIds& ids) const {
    const bool is_text = encoding == native::Encoding::Json;
    const FrameFormIds& frames = is_text ? ids.text_frame : ids.binary_frame;
    return window_bits == 0 ? frames.plain : frames.deflated[window_bits];
  }
};

/// Of the messages in that encoding.
websocket::Opcode opcode_of(native::Encoding encoding);

/// Appends one frame that many are sent: what a publication of the channel says, compressed for
/// that window where the settings let it be. A compressed one stands for itself, whatever was sent
/// before.
void append_broadcast_frame(std::string& out, Bytes channel, websocket::Opcode opcode,
                            Bytes payload, std::uint8_t window_bits,
                            const CompressionSettings& settings, websocket::DeflatePool& pool);

/// The same of the publication in the reader's encoding.
void append_frame(std::string& out, const hub::Publication& publication, FrameForm form,
                  const CompressionSettings& settings, websocket::DeflatePool& pool);

/// Registers every form that a reader of that encoding may have under these settings.
/// Lifetime: settings and pool outlive `forms`.
FrameFormIds add_frame_forms(hub::WireForms& forms, native::Encoding encoding,
                             const CompressionSettings& settings, websocket::DeflatePool& pool);

}  // namespace carillon::transport
