// Another load generator, run to its end while the server is measured.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace carillon::bench {

/// Runs a program, and calls `look` every few milliseconds until it has ended.
/// Returns: all it has said, on both channels.
/// Throws WireError where it cannot be started or ends with another code than 0.
std::string run_helper(
    const std::vector<std::string>& words, const std::function<void()>& look = [] {});

/// The number behind `name` in what a helper has said.
/// Throws WireError where there is none.
std::uint64_t number_behind(const std::string& text, const std::string& name);

}  // namespace carillon::bench
