// What the server counts about itself, from its Prometheus text.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace carillon::bench {

using Counters = std::map<std::string, double>;

/// The sums of these families over all labels, fetched by a request of its own; empty without a
/// path.
/// Errors: throws WireError.
Counters fetch_counters(std::uint16_t port, const std::string& path,
                        const std::vector<std::string>& families);

/// How much each has grown.
Counters difference(const Counters& begin, const Counters& end);

}  // namespace carillon::bench
