#include "backend/name_cache.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <utility>

#include "backend/limits.hpp"
#include "core/log.hpp"

namespace carillon::backend {
namespace {

bool is_literal(const std::string& host) {
  in6_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

std::vector<net::Address> at_port(std::vector<net::Address> addresses, std::uint16_t port) {
  for (net::Address& address : addresses) address.set_port(port);
  return addresses;
}

}  // namespace

Handle NameCache::resolve(const std::string& host, std::uint16_t port, Done done) {
  if (is_literal(host)) {
    done(net::resolve_host(host, port));
    return {};
  }
  if (!entries_.contains(host)) make_room();
  Entry& entry = entries_[host];
  const bool is_known = !entry.addresses.empty();
  if (!entry.asking && (!is_known || entry.good_until <= reactor_.now())) look_up(host, entry);
  if (is_known) {
    done(at_port(entry.addresses, port));
    return {};
  }
  const Handle question = questions_.insert({.port = port, .done = std::move(done)});
  entry.waiting.push_back(question);
  return question;
}

void NameCache::look_up(const std::string& host, Entry& entry) {
  entry.asking = true;
  lookups_.ask(reactor_, host,
               [this, host](Lookups::Answer answer) { on_answer(host, std::move(answer)); });
}

void NameCache::on_answer(const std::string& host, Lookups::Answer answer) {
  Entry& entry = entries_[host];
  entry.asking = false;
  const Duration good_for = answer ? limits::kNameTime : limits::kNameRetryTime;
  entry.good_until = reactor_.now() + good_for;
  if (answer) {
    entry.addresses = *answer;
  } else if (!entry.addresses.empty()) {
    log::warn("{}: {}; its last known address is used", host, answer.error());
  }
  for (const Handle waiting : std::exchange(entry.waiting, {})) {
    Question* question = questions_.find(waiting);
    if (question == nullptr) continue;
    Question asked = std::move(*question);
    questions_.erase(waiting);
    asked.done(answer ? Lookups::Answer(at_port(*answer, asked.port)) : answer);
  }
}

/// Forgets all that nobody waits for: there are never so many but by reloads of the configuration.
void NameCache::make_room() {
  if (entries_.size() < limits::kNames) return;
  std::erase_if(entries_, [](const auto& entry) { return !entry.second.asking; });
}

}  // namespace carillon::backend
