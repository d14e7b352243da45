// Runs the commands that need no open endpoint, and words their replies: the same for a
// WebSocket and for POST /api/commands.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "protocol/native/command.hpp"
#include "protocol/native/parse.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

/// Gets a reply in the command's encoding; empty where none is due.
using Reply = std::move_only_function<void(std::string)>;

/// Whether success is worth a reply to a command without an `id`.
enum class ReplyWhen : std::uint8_t { Asked, Always };

/// Publish and Ephemeral (with a channel), History, Presence, Signal, Ping; others are refused as
/// not_supported. `reply` is called exactly once, at once or later. Commands take effect in the
/// order of the calls, per channel; replies of different channels may overtake each other.
void run_command(Worker& worker, const Caller& caller, native::ParsedCommand command,
                 ReplyWhen when, Reply reply);

std::string error_reply(Bytes id, const Problem& problem,
                        native::Encoding encoding = native::Encoding::Json);
std::string error_reply(const native::CommandError& error);

/// What `welcome` and the answer to `connect` tell a client of its session.
struct WelcomeText {
  std::string client;
  std::string session;
  native::Welcome view(const Worker& worker) const;
};
WelcomeText make_welcome(Worker& worker, const Caller& caller);

}  // namespace carillon::transport
