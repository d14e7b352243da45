// Publications as the application's own endpoints get them: the data alone, without an envelope.
#pragma once

#include <cstdint>
#include <string>

#include "hub/publication.hpp"
#include "protocol/websocket/deflate_pool.hpp"
#include "transport/common/settings.hpp"

namespace carillon::facade {

/// A WebSocket frame: text for JSON, binary otherwise; compressed for that window, or 0: as it is.
void encode_data_frame(const hub::Publication& publication, std::string& out,
                       std::uint8_t window_bits, const transport::CompressionSettings& settings,
                       websocket::DeflatePool& pool);

/// An event whose id is the publication's position; base64 where the data is no JSON.
void encode_data_event(const hub::Publication& publication, std::string& out);

}  // namespace carillon::facade
