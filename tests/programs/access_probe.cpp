// A program that says itself who its clients are and what they may do: what the tests ask about
// `ServerOptions::access`. Its tokens are plain words.
#include <carillon/carillon.hpp>

#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using carillon::Action;
using carillon::Identity;
using carillon::Question;
using carillon::Ruling;
using carillon::TokenCheck;

namespace {

/// `later:ann`, `short:ann`: the user is the part behind the colon.
Identity identity_of(std::string_view token) {
  const std::size_t colon = token.find(':');
  Identity identity{.user = std::string(token.substr(colon == token.npos ? 0 : colon + 1))};
  identity.id = std::string(token);
  identity.issued = std::chrono::system_clock::now();
  identity.channels["chat:*"] = {Action::Subscribe, Action::Publish, Action::History};
  if (token.starts_with("joins:")) identity.join = {"room"};
  if (token.starts_with("short:")) identity.expires = std::chrono::system_clock::now() + 1s;
  if (token.starts_with("stale:")) identity.expires = std::chrono::system_clock::now() - 1s;
  return identity;
}

/// Copies that are never let go of.
void keep(TokenCheck check) {
  static std::mutex mutex;
  static std::vector<TokenCheck> kept;
  const std::scoped_lock lock(mutex);
  kept.push_back(std::move(check));
}

/// Tells the reactor to go on although it was told what no token may say.
void accept_what_is_wrong(const TokenCheck& check) {
  try {
    check.accept({.user = std::string(1000, 'x')});
  } catch (const std::invalid_argument&) {
    check.refuse("it was wrong");
  }
}

void verify(std::string_view token, TokenCheck check) {
  if (token.starts_with("throw")) throw std::runtime_error("a secret of the application");
  if (token.starts_with("forget")) return;
  if (token.starts_with("keep")) return keep(std::move(check));
  if (token.starts_with("wrong")) return accept_what_is_wrong(check);
  if (token.starts_with("refuse")) return check.refuse("nobody knows it");
  if (!token.starts_with("later")) {
    check.accept(identity_of(token));
    return check.refuse("too late");
  }
  std::thread([token = std::string(token), check = std::move(check)] {
    check.accept(identity_of(token));
  }).detach();
}

Ruling decide(const Question& question) {
  if (question.channel == "throws") throw std::runtime_error("a secret of the application");
  if (question.channel == "open") return Ruling::Allow;
  if (question.channel == "quiet" && question.action == Action::Publish) return Ruling::Refuse;
  if (question.channel == "quiet") return Ruling::Allow;
  if (question.channel == "chat:closed") return Ruling::Refuse;
  if (question.channel == "of:ann" && question.user == "ann") return Ruling::Allow;
  return Ruling::ByRules;
}

std::map<std::string, std::string> settings() {
  std::map<std::string, std::string> settings = {{"namespace.small.publication_bytes", "128"},
                                                 {"namespace.small.allow_publish", "anyone"}};
  if (std::getenv("PROBE_LIMITED") != nullptr) {
    settings["limits.exempt"] = "";
    settings["limits.messages_per_s"] = "5";
  }
  return settings;
}

}  // namespace

int main() {
  const char* reactors = std::getenv("PROBE_REACTORS");
  carillon::Server server(
      {.reactors = reactors != nullptr ? std::stoul(reactors) : 1,
       .settings = settings(),
       .access = {.verify_token = verify, .decide = decide, .answer_time = 1s}});
  server.run();
  return 0;
}
