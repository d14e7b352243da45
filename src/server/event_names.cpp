#include "server/event_names.hpp"

#include <array>
#include <cstddef>
#include <string_view>

#include "access/decision.hpp"
#include "protocol/socketio/packet.hpp"

namespace carillon::server {
namespace {

using transport::SocketIoEvents;

/// Who sends it: events of one direction must differ.
enum class Sender : std::uint8_t { Client, Server, Both };

struct OurEvent {
  std::string_view name;
  std::string SocketIoEvents::* wire_name;
  Sender sender;
};

constexpr std::array<OurEvent, 13> kEvents = {{
    {"subscribe", &SocketIoEvents::subscribe, Sender::Client},
    {"unsubscribe", &SocketIoEvents::unsubscribe, Sender::Client},
    {"publish", &SocketIoEvents::publish, Sender::Client},
    {"history", &SocketIoEvents::history, Sender::Client},
    {"ephemeral", &SocketIoEvents::ephemeral, Sender::Both},
    {"presence", &SocketIoEvents::presence, Sender::Both},
    {"signal", &SocketIoEvents::signal, Sender::Both},
    {"message", &SocketIoEvents::message, Sender::Server},
    {"gap", &SocketIoEvents::gap, Sender::Server},
    {"subscribed", &SocketIoEvents::subscribed, Sender::Server},
    {"unsubscribed", &SocketIoEvents::unsubscribed, Sender::Server},
    {"closing", &SocketIoEvents::closing, Sender::Server},
    {"error", &SocketIoEvents::error, Sender::Server},
}};

const OurEvent* find(std::string_view name) {
  for (const OurEvent& event : kEvents) {
    if (event.name == name) return &event;
  }
  return nullptr;
}

bool may_meet(const OurEvent& left, const OurEvent& right) {
  return left.sender == right.sender || left.sender == Sender::Both || right.sender == Sender::Both;
}

/// Empty: it is in place.
std::string set(SocketIoEvents& events, const std::string& entry) {
  const std::size_t equals = entry.find('=');
  const std::string quoted = access::in_quotes(entry);
  if (equals == std::string::npos || equals + 1 == entry.size()) {
    return quoted + R"( is no pair of names like "message=news")";
  }
  const OurEvent* const event = find(std::string_view(entry).substr(0, equals));
  if (event == nullptr) return quoted + " begins with the name of no event of ours";
  const std::string wire_name = entry.substr(equals + 1);
  if (socketio::is_reserved_event(wire_name)) {
    return quoted + ": that name is Socket.IO's own";
  }
  events.*event->wire_name = wire_name;
  return {};
}

}  // namespace

Result<SocketIoEvents, std::vector<std::string>> parse_event_names(
    const std::vector<std::string>& entries) {
  SocketIoEvents events;
  std::vector<std::string> problems;
  for (const std::string& entry : entries) {
    std::string problem = set(events, entry);
    if (!problem.empty()) problems.push_back(std::move(problem));
  }
  for (std::size_t i = 0; i < kEvents.size(); ++i) {
    for (std::size_t j = i + 1; j < kEvents.size(); ++j) {
      const std::string& name = events.*kEvents[i].wire_name;
      if (!may_meet(kEvents[i], kEvents[j]) || name != events.*kEvents[j].wire_name) continue;
      problems.push_back(access::in_quotes(name) + " would be two events: " +
                         std::string(kEvents[i].name) + " and " + std::string(kEvents[j].name));
    }
  }
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return events;
}

}  // namespace carillon::server
