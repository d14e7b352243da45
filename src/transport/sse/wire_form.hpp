// Publications as Server-Sent Events, in the two forms that readers share.
#pragma once

#include <string>

#include "hub/publication.hpp"

namespace carillon::transport {

/// `data: …`, for readers of several channels, whose ids differ and go before it.
void encode_event(const hub::Publication& publication, std::string& out);

/// `id: epoch:offset` and `data: …`, for readers of one channel. Ephemerals carry no id.
void encode_event_with_id(const hub::Publication& publication, std::string& out);

}  // namespace carillon::transport
