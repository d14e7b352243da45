// What a Socket.IO client says to the packets of Engine.IO 4 that it hears, in the main Socket.IO
// namespace; apart from the project's own codecs, which are among what is tested.
#pragma once

#include <string>
#include <string_view>

namespace carillon::bench {

/// The client's packet, empty where it has nothing to say. `greeting`: its first packet once it is
/// in the Socket.IO namespace.
/// Lifetime: a view of a constant, or of `greeting`.
/// Errors:   throws WireError where the server sends it away.
std::string_view answer_to(std::string_view packet, std::string_view greeting);
/// The same for all packets of a poll's answer, as the payload of a POST; empty: nothing.
std::string answers_to(std::string_view payload, std::string_view greeting);

/// Whether the packet lets it into the Socket.IO namespace.
bool is_connected(std::string_view packet);

/// The id of the session that the first packet opens.
/// Errors: throws WireError for any other packet.
std::string session_of(std::string_view open_packet);

}  // namespace carillon::bench
