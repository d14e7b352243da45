// What somebody meant who wrote a name that does not exist.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace carillon::server {

/// The candidate that the fewest slips (octets inserted, left out, replaced, or swapped with their
/// neighbour) make of `name`; empty where even that one is too unlike to be meant.
std::optional<std::string> nearest_name(std::string_view name,
                                        std::span<const std::string> candidates);

}  // namespace carillon::server
