// Where a request is sent that came without TLS and should have come with it.
#pragma once

#include <cstdint>

#include "core/bytes.hpp"
#include "transport/common/response.hpp"

namespace carillon::transport {

/// 308 to the same host by https, so that method and body come again; 400 where no host is named.
/// `path` and `query` are as they were sent. Source: RFC 9110 §15.4.9.
Response https_redirect(Bytes authority, std::uint16_t port, Bytes path, Bytes query);

}  // namespace carillon::transport
