// The small words of the hub that most of its headers share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "core/bytes.hpp"
#include "core/slot_table.hpp"

namespace carillon::hub {

/// A reactor's place in the pool, from 0.
using ReactorIndex = std::size_t;

/// Work that one reactor hands to another. It may own what it captures.
using Task = std::move_only_function<void()>;

/// Names one subscription of one hub, for ever; it finds nothing once the subscription has ended.
struct SubscriptionId {
  Handle handle;
  bool operator==(const SubscriptionId&) const = default;
  explicit operator bool() const { return static_cast<bool>(handle); }
};

/// Names one registered wire form; the same on all reactors.
struct WireFormId {
  std::uint8_t index = 0;
  bool operator==(const WireFormId&) const = default;
};

struct Publication;
using PublicationPtr = std::shared_ptr<const Publication>;

/// The reactor on which a channel is at home. Every reactor of the process gives the same answer.
ReactorIndex home_of(Bytes channel, std::size_t reactor_count);

}  // namespace carillon::hub

template <>
struct std::hash<carillon::hub::SubscriptionId> {
  std::size_t operator()(const carillon::hub::SubscriptionId& id) const noexcept {
    return std::hash<carillon::Handle>{}(id.handle);
  }
};
