// Ids of endpoints: what a program keeps of a client beyond a handler's call.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace carillon {

/// Names one endpoint of one server, for ever: it finds nothing once the endpoint has ended, and
/// is never given to another.
/// Thread: a plain value, for any thread; fit for `std::set`, `std::map` and `std::unordered_map`.
template <class Endpoint>
struct EndpointId {
  std::uint32_t reactor = 0;
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  // 0 names nothing

  auto operator<=>(const EndpointId&) const = default;
  explicit operator bool() const { return generation != 0; }
};

}  // namespace carillon

template <class Endpoint>
struct std::hash<carillon::EndpointId<Endpoint>> {
  std::size_t operator()(const carillon::EndpointId<Endpoint>& id) const noexcept {
    const auto place = std::uint64_t{id.slot} << 32 | id.generation;
    return std::hash<std::uint64_t>{}(place ^ (std::uint64_t{id.reactor} * 0x9E3779B97F4A7C15));
  }
};
