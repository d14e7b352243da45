// Publications as WebSocket frames: framed once, and compressed once per window, for every reader.
#pragma once

#include <cstdint>
#include <string>

#include "hub/publication.hpp"
#include "hub/wire_form.hpp"
#include "protocol/websocket/deflate_pool.hpp"
#include "transport/common/settings.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

/// How one reader gets its frames.
struct FrameForm {
  std::uint8_t window_bits = 0;  // 0: not compressed

  hub::WireFormId id(const WireFormIds& ids) const {
    return window_bits == 0 ? ids.text_frame.plain : ids.text_frame.deflated[window_bits];
  }
};

/// Appends one frame. A compressed one stands for itself, whatever was sent before.
void append_frame(std::string& out, const hub::Publication& publication, FrameForm form,
                  const CompressionSettings& settings, websocket::DeflatePool& pool);

/// Registers every form that a reader may have under these settings.
/// Lifetime: settings and pool outlive `forms`.
FrameFormIds add_frame_forms(hub::WireForms& forms, const CompressionSettings& settings,
                             websocket::DeflatePool& pool);

}  // namespace carillon::transport
