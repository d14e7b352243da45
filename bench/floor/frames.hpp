// The few octets of HTTP and WebSocket that the floor needs: nothing is checked.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace carillon::bench {

/// The 101 to a request's head.
std::string upgrade_answer(std::string_view request);

/// Takes one masked text of at most 64 KiB off the front and unmasks it; empty while incomplete.
std::optional<std::string> take_client_text(std::string_view& input);

void append_server_text(std::string& out, std::string_view payload);

}  // namespace carillon::bench
