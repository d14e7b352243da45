// What every reader asks in its query string: which channels, and from where in each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/permissions.hpp"
#include "core/result.hpp"
#include "protocol/native/position_list.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/request.hpp"

namespace carillon::transport {

/// The `channel` parameters in their order; where there is none, what the token joins, or else
/// `default`.
/// Errors: BadRequest for a bad name, one named twice, or too many.
Result<std::vector<std::string>, Problem> channels_of(const Request& request,
                                                      const access::Identity& identity);

/// A position list with one entry per channel.
/// Errors: BadRequest where it is malformed, or has another number of entries.
Result<native::PositionList, Problem> positions_of(Bytes text, std::size_t channel_count);

/// The parameter `name` as a decimal number.
/// Errors: BadRequest for anything else, and outside the bounds.
Result<std::optional<std::uint64_t>, Problem> number_of(const Request& request, Bytes name,
                                                        std::uint64_t least, std::uint64_t most);

/// The value of Carillon-Position.
std::string position_text(const native::PositionList& positions);

}  // namespace carillon::transport
