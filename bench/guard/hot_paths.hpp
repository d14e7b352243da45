// The hot paths, each alone, to be counted by callgrind.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace carillon::bench {

struct HotPath {
  std::string name;
  std::size_t operations = 1;     // in one call of `run`; costs are told per operation
  std::function<void()> prepare;  // before it, not counted
  std::function<void()> run;
};

/// Codecs: frame_parse, unmask, command_parse, sse_encode.
std::vector<HotPath> codec_paths();

/// From a publication to the kernel's door: publish, fan_out, flush.
/// Lifetime: what they work on lives as long as the paths.
std::vector<HotPath> delivery_paths();

/// With access on: grant_check, publish over a WebSocket with and without it, fan_out, flush.
/// Lifetime: the same.
std::vector<HotPath> access_paths();

}  // namespace carillon::bench
