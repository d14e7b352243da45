// Publications as the application's own endpoints get them: the data alone, without an envelope.
#pragma once

#include <string>

#include "hub/publication.hpp"

namespace carillon::facade {

/// A WebSocket frame: text for JSON, binary otherwise.
void encode_data_frame(const hub::Publication& publication, std::string& out);

/// An event whose id is the publication's position; base64 where the data is no JSON.
void encode_data_event(const hub::Publication& publication, std::string& out);

}  // namespace carillon::facade
