// Who clients are and what they may do, where the application decides that itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "carillon/export.hpp"

namespace carillon {

/// What clients do in a channel; the words of tokens and of `[access] anonymous`.
enum class Action : std::uint8_t {
  Subscribe,  // from now on or from a position, over every transport
  Publish,
  History,    // the latest messages, pages of older ones
  Ephemeral,  // whoever may publish may do this, too
  Presence,
};

/// A client that has shown a token, with what a token of the server's own would say
/// (docs/tokens.md).
struct Identity {
  /// At most 256 octets of UTF-8; empty: nobody is named.
  std::string user = {};
  /// What it may do, by pattern: a channel's name, or the beginning of names and `*`.
  std::map<std::string, std::vector<Action>> channels = {};
  /// Channels that it is subscribed to at once.
  std::vector<std::string> join = {};
  /// JSON that others see beside the user's name.
  std::string info = {};
  /// When what it opened ends; it may come with a new token before that. Not set: never.
  std::optional<std::chrono::system_clock::time_point> expires = {};
  /// What a revocation by `jti` and by `issued_before` goes by.
  std::string id = {};
  std::optional<std::chrono::system_clock::time_point> issued = {};
};

/// A token that waits for the application's word, at once or later. The first word counts. A check
/// that is forgotten (its last copy is gone), or that has waited for `AccessOptions::answer_time`,
/// lets nobody in: 503.
/// Thread:   any.
/// Lifetime: as long as the application keeps a copy; the server outlives each call.
class CARILLON_API TokenCheck {
 public:
  /// Throws std::invalid_argument for what no token may say; the check still waits then.
  void accept(const Identity& identity) const;
  /// 401; the client is told the reason.
  void refuse(std::string_view reason = {}) const;

  class State;
  /// For the library alone.
  explicit TokenCheck(std::shared_ptr<State> state) : state_(std::move(state)) {}

 private:
  std::shared_ptr<State> state_;
};

/// What a client wants to do.
/// Lifetime: the call that it was passed to.
struct Question {
  Action action = Action::Subscribe;
  std::string_view channel = {};
  /// Whom its token names; empty: nobody.
  std::string_view user = {};
  bool has_token = false;
};

enum class Ruling : std::uint8_t {
  ByRules,  // as tokens, namespaces and `[access]` say
  Allow,    // whatever they say
  Refuse,   // 403; 401 where there was no token
};

/// Thread: called on the reactor of the client; with several reactors, on several threads at once.
///         Neither may block.
struct AccessOptions {
  /// Called with each token that a client shows: over HTTP with each request, over a WebSocket with
  /// the upgrade and each `connect`. The server's own rules for tokens are not asked; who shows no
  /// token is anonymous. One that throws lets nobody in: 503.
  std::function<void(std::string_view token, TokenCheck check)> verify_token = {};
  /// Called before each thing that a client does in a channel, the subscriptions that it keeps with
  /// a new token among them. Not for API keys, and not for what the program does itself. One that
  /// throws refuses.
  std::function<Ruling(const Question&)> decide = {};
  /// How long a token may wait for its answer: 1 second to 10 years.
  std::chrono::seconds answer_time{5};
};

}  // namespace carillon
