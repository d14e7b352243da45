#include "backend/lookups.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace carillon::backend {

namespace {

struct Question {
  net::Reactor* reactor = nullptr;
  std::string host;
  Lookups::Done done;
};

}  // namespace

struct Lookups::State {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Question> questions;  // bounded by the names that each reactor asks for at a time
  bool begun = false;
  bool over = false;
};

Lookups::Lookups() : state_(std::make_shared<State>()) {}

Lookups::~Lookups() {
  const std::scoped_lock lock(state_->mutex);
  state_->over = true;
  state_->questions.clear();
  state_->changed.notify_one();
}

void Lookups::ask(net::Reactor& reactor, std::string host, Done done) {
  const std::scoped_lock lock(state_->mutex);
  state_->questions.push_back(
      {.reactor = &reactor, .host = std::move(host), .done = std::move(done)});
  state_->changed.notify_one();
  if (std::exchange(state_->begun, true)) return;
  // Not joined: the resolver may take half a minute, and a stop must not wait for it.
  std::thread([state = state_] { serve(state); }).detach();
}

void Lookups::serve(const std::shared_ptr<State>& state) {
  std::unique_lock lock(state->mutex);
  for (;;) {
    state->changed.wait(lock, [&] { return state->over || !state->questions.empty(); });
    if (state->over) return;
    Question question = std::move(state->questions.front());
    state->questions.pop_front();
    lock.unlock();
    Answer answer = net::resolve_host(question.host, 0);
    lock.lock();
    if (state->over) return;  // the reactor may be gone
    question.reactor->post_control(
        [done = std::move(question.done), result = std::move(answer)]() mutable {
          done(std::move(result));
        });
  }
}

}  // namespace carillon::backend
