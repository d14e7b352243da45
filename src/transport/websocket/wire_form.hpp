// Publications as WebSocket text frames: framed once, shared by every reader.
#pragma once

#include <string>

#include "hub/publication.hpp"

namespace carillon::transport {

void encode_text_frame(const hub::Publication& publication, std::string& out);

}  // namespace carillon::transport
