// What clients of version 2 say in place of `auth`: the query behind the name of a Socket.IO
// namespace.
#pragma once

#include "carillon/socket_io_value.hpp"
#include "core/bytes.hpp"

namespace carillon::facade {

/// An object with a member for each parameter; one that comes again becomes an array. Empty where
/// the query is malformed.
socket_io::Value auth_of_query(Bytes query);

}  // namespace carillon::facade
