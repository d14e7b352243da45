// Which precompressed form a client can read.
#pragma once

#include <cstdint>
#include <span>

#include "core/bytes.hpp"
#include "protocol/http1/fields.hpp"

namespace carillon::http1 {

enum class ContentCoding : std::uint8_t { Identity, Gzip, Brotli };

/// The name in Accept-Encoding and Content-Encoding.
Bytes name_of(ContentCoding coding);

/// The best of `offered` for this Accept-Encoding; among equal weights, the first offered.
/// Identity is always on offer, and chosen before others where the client prefers it by name.
/// Shape:  no field → Identity; nothing acceptable → Identity too, as a server may then answer
///         without coding; a malformed member is skipped.
/// Source: RFC 9110 §12.5.3, §12.4.2.
ContentCoding choose_coding(const Fields& fields, std::span<const ContentCoding> offered);

}  // namespace carillon::http1
