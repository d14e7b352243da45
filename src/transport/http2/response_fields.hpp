// The fields of a response as HTTP/2 has them.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "access/origin_rule.hpp"
#include "core/bytes.hpp"
#include "protocol/http2/session.hpp"
#include "transport/common/response.hpp"

namespace carillon::transport {

/// The head's fields and `extra`, names in lower case, with Date and what every answer carries;
/// without those of a connection. `content_length`: empty: none is told.
/// Source: RFC 9113 §8.2, §8.2.2.
std::vector<http2::Field> response_fields(const ResponseHead& head,
                                          std::span<const access::ResponseField> extra, Bytes date,
                                          std::optional<std::size_t> content_length);

}  // namespace carillon::transport
