// Percent-encoding, decoded exactly once and never leniently.
#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.hpp"

namespace carillon::http1 {

/// Whether each `%` is followed by two hexadecimal digits (RFC 3986 §2.1).
bool is_percent_encoded(Bytes text);

/// What `+` stands for.
enum class Plus : std::uint8_t { Itself, Space };

/// Appends `text` with each `%XX` decoded; false, with part of it appended, on an invalid `%`.
bool append_percent_decoded(std::string& out, Bytes text, Plus plus);

}  // namespace carillon::http1
