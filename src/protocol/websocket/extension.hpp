// The grammar of Sec-WebSocket-Extensions: the offers of a client, in its order of preference.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/bytes.hpp"

namespace carillon::websocket {

struct ExtensionParameter {
  Bytes name;
  std::optional<std::string> value;  // unquoted
};

struct Extension {
  Bytes name;
  std::vector<ExtensionParameter> parameters;
};

/// Reads the field lines of one message as one list.
/// Shape:    1#( token *( ";" token [ "=" ( token / quoted-string ) ] ) ).
/// Errors:   empty for anything else, a quoted value that is no token inside, or more than
///           64 extensions or parameters of one.
/// Lifetime: names are views into the lines.
/// Source:   RFC 6455 §9.1.
std::optional<std::vector<Extension>> parse_extensions(std::span<const Bytes> lines);

}  // namespace carillon::websocket
