// The way up for clients that read over SSE or polling: the commands of a WebSocket, by POST.
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "protocol/native/encode.hpp"
#include "protocol/native/parse.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/commands.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/gather.hpp"
#include "transport/common/introduction.hpp"
#include "transport/common/limiter.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/worker.hpp"
#include "transport/http_api/routes.hpp"

namespace carillon::transport {
namespace {

using native::ProblemCode;

/// Begins a session or goes on with one, as who has been named.
std::string connect_reply(Worker& worker, Caller& caller, Bytes id, const native::Connect& command,
                          Result<std::optional<access::Identity>, Problem> named) {
  if (!named) return error_reply(id, named.error());
  Caller next = caller;
  if (auto connected = connect(worker, next, *std::move(named), command.session); !connected) {
    return error_reply(id, connected.error());
  }
  if (!next.client) next.client = worker.sessions().make_client_id();
  caller = std::move(next);
  std::string out;
  native::append_ok(out, id, make_welcome(worker, caller).view(worker));
  return out;
}

/// Publications are counted with what is in them, once it is known that they may be made.
Result<void, Problem> admit(Worker& worker, const Caller& caller,
                            const Result<native::ParsedCommand, native::CommandError>& item) {
  const bool publishes = item && (std::holds_alternative<native::Publish>(item->command) ||
                                  std::holds_alternative<native::Ephemeral>(item->command));
  return publishes ? Result<void, Problem>{} : admit_message(worker, caller, 0);
}

using Item = Result<native::ParsedCommand, native::CommandError>;

/// What the replies of one request may come to; further pages are for another request.
constexpr std::size_t kReplyBytes = 4 * std::size_t{1024} * 1024;

bool reads_a_page(const Item& item) {
  return item && (std::holds_alternative<native::History>(item->command) ||
                  std::holds_alternative<native::Presence>(item->command));
}

void run(Worker& worker, const Caller& caller, Item item, Reply reply) {
  if (!item) return reply(error_reply(item.error()));
  if (std::holds_alternative<native::Subscribe>(item->command) ||
      std::holds_alternative<native::Unsubscribe>(item->command)) {
    return reply(error_reply(
        item->id, {.code = ProblemCode::NotSupported,
                   .detail = "subscribe by GET /api/events, by a long poll or a WebSocket"}));
  }
  run_command(worker, caller, std::move(*item), ReplyWhen::Always, std::move(reply));
}

/// The commands of one request, in their order; those behind a `connect` or a page wait for it.
/// Lifetime: shared by the answers that are still to come.
class Batch : public std::enable_shared_from_this<Batch> {
 public:
  Batch(Worker& worker, Handle exchange, Caller caller, std::vector<Item> items, Gather::Done done)
      : worker_(worker),
        exchange_(exchange),
        caller_(std::move(caller)),
        items_(std::move(items)),
        gather_(std::make_shared<Gather>(items_.size(), std::move(done))) {}

  void go_on() {
    is_going_ = true;
    while (!waits_ && next_ < items_.size()) {
      const std::size_t index = next_++;
      Item item = std::move(items_[index]);
      if (auto admitted = admit(worker_, caller_, item); !admitted) {
        const Bytes id = item ? Bytes(item->id) : Bytes(item.error().id);
        put(index, error_reply(id, admitted.error()));
      } else if (item && std::holds_alternative<native::Connect>(item->command)) {
        begin_connect(index, *std::move(item));
      } else if (reads_a_page(item)) {
        begin_page(index, std::move(item));
      } else {
        run(worker_, caller_, std::move(item),
            [self = shared_from_this(), index](std::string reply) {
              self->put(index, std::move(reply));
            });
      }
    }
    is_going_ = false;
  }

 private:
  void put(std::size_t index, std::string reply) {
    reply_bytes_ += reply.size();
    gather_->put(index, std::move(reply));
  }

  /// One page at a time, so that what is read is bounded by what has been.
  void begin_page(std::size_t index, Item item) {
    if (reply_bytes_ > kReplyBytes) {
      return put(index, error_reply(item->id, {.code = ProblemCode::TooLarge,
                                               .detail = "the replies before are too large for one "
                                                         "more page: ask in another request"}));
    }
    waits_ = true;
    run(worker_, caller_, std::move(item), [self = shared_from_this(), index](std::string reply) {
      self->put(index, std::move(reply));
      self->stop_waiting();
    });
  }

  void begin_connect(std::size_t index, native::ParsedCommand item) {
    waits_ = true;
    const auto command = std::get<native::Connect>(std::move(item.command));
    name(worker_, command,
         [self = shared_from_this(), index, id = std::move(item.id), command](auto named) {
           auto reply = connect_reply(self->worker_, self->caller_, id, command, std::move(named));
           self->put(index, std::move(reply));
           self->stop_waiting();
         });
  }

  void stop_waiting() {
    waits_ = false;
    // The commands borrow from the request, which has gone with its client.
    const bool is_there = worker_.find(exchange_) != nullptr;
    if (!is_going_ && is_there) go_on();
  }

  Worker& worker_;
  Handle exchange_;
  Caller caller_;
  std::vector<Item> items_;
  std::shared_ptr<Gather> gather_;
  std::size_t next_ = 0;
  std::size_t reply_bytes_ = 0;
  bool waits_ = false;     // for what a connect asks, or for a page
  bool is_going_ = false;  // go_on() runs
};

void run_batch(Worker& worker, Exchange& exchange, Caller caller) {
  auto batch = native::parse_commands_body(exchange.request().body);
  if (!batch) {
    return exchange.respond(
        problem_response({.code = batch.error().code, .detail = batch.error().message}));
  }
  if (batch->items.empty()) return exchange.respond(json_response(200, "[]"));
  const auto answer = [&worker, is_array = batch->is_array,
                       handle = exchange.handle()](const std::vector<std::string>& replies) {
    Exchange* waiting = worker.find(handle);
    if (waiting == nullptr) return;
    waiting->respond(json_response(200, is_array ? joined_array(replies) : replies.front())
                         .add("Cache-Control", "no-store"));
  };
  std::make_shared<Batch>(worker, exchange.handle(), std::move(caller), std::move(batch->items),
                          answer)
      ->go_on();
}

}  // namespace

void serve_commands(Worker& worker, Exchange& exchange) {
  with_caller(worker, exchange, TransportKind::Http, run_batch);
}

}  // namespace carillon::transport
