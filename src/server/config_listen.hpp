// An entry of `listen`, judged as text: whether it is well formed, and whether other machines could
// reach it. Resolving it is the network's affair.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace carillon::server {

/// Open: other machines may reach it, as far as its text can tell.
enum class Reach : std::uint8_t { Local, Open };

/// Whether TLS is spoken on an address.
enum class Security : std::uint8_t { Plain, Tls };

struct ListenText {
  Security security = Security::Plain;
  std::string_view address;
};

/// Takes `https://` or `http://` off its front; without either it is plain.
ListenText split_listen(std::string_view text);

/// Shape:  `127.0.0.1:8000`, `[::1]:8000`, `localhost:8000`, `name:8000`, `:8000` or `*:8000`
///         (every address), `unix:/path`; `https://` or `http://` in front. Port 0 lets the system
///         choose.
/// Errors: a sentence that says what is wrong and shows a right form.
Result<Reach, std::string> reach_of_listen(std::string_view text);

/// Why the server will not listen there while nothing says who may do what, with the lines to
/// write, for the file and for the environment.
std::string open_listen_refusal(std::string_view listen);

}  // namespace carillon::server
