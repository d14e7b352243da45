#include "facade/socket_io/listeners.hpp"

#include <algorithm>

namespace carillon::facade {

SharedBytes SocketIoEventNames::share(std::string_view name) {
  const auto found = names_.find(name);
  if (found != names_.end()) return found->second;
  SharedBytes made(name);
  if (names_.size() < kMost) names_.emplace(name, made);
  return made;
}

void SocketIoListeners::add(SharedBytes event, socket_io::Listener call, Times times) {
  Listening added{.event = std::move(event), .call = std::move(call), .times = times};
  if (all_.empty()) {
    all_.push_front(std::move(added));
  } else {
    all_.insert_after(last(), std::move(added));
  }
}

void SocketIoListeners::remove(std::string_view event) {
  for (Listening& each : all_) each.is_gone = each.is_gone || each.event.view() == event;
  has_gone_ = true;
  if (walks_ == 0) sweep();
}

void SocketIoListeners::remove_all() {
  for (Listening& each : all_) each.is_gone = true;
  has_gone_ = true;
  if (walks_ == 0) sweep();
}

std::vector<std::string> SocketIoListeners::events() const {
  std::vector<std::string> names;
  for (const Listening& each : all_) {
    const Bytes name = each.event.view();
    if (!each.is_gone && std::ranges::find(names, name) == names.end()) names.emplace_back(name);
  }
  return names;
}

std::forward_list<SocketIoListeners::Listening>::iterator SocketIoListeners::last() {
  auto found = all_.begin();
  for (auto next = found; next != all_.end(); ++next) found = next;
  return found;
}

void SocketIoListeners::sweep() {
  if (std::exchange(has_gone_, false)) all_.remove_if(std::mem_fn(&Listening::is_gone));
}

}  // namespace carillon::facade
