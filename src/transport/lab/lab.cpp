#include "transport/lab/lab.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/json/writer.hpp"
#include "transport/common/channel_query.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/round.hpp"
#include "transport/common/worker.hpp"
#include "transport/lab/wire_meter.hpp"

namespace carillon::transport {
namespace {

constexpr std::size_t kLabelBytes = 64;
constexpr std::uint64_t kMostDelayMs = 5'000;

/// The meters of all reactors; each uses its own.
class Meters {
 public:
  explicit Meters(std::size_t reactor_count) : meters_(reactor_count) {}

  WireMeter& of(Worker& worker) {
    auto& meter = meters_[worker.reactor().index()];
    if (!meter) meter = std::make_unique<WireMeter>(worker.reactor());
    return *meter;
  }

 private:
  std::vector<std::unique_ptr<WireMeter>> meters_;
};

using Tallies = std::map<std::string, WireTally>;

bool is_label(Bytes text) {
  const auto is_fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  };
  return !text.empty() && text.size() <= kLabelBytes && std::ranges::all_of(text, is_fine);
}

/// Errors: BadRequest for one that is missing or too long.
Result<std::string, Problem> label_of(const Request& request, Bytes parameter) {
  const auto label = request.parameter(parameter);
  if (label && is_label(*label)) return std::string(*label);
  return std::unexpected(Problem{
      .code = native::ProblemCode::BadRequest,
      .detail = "'" + std::string(parameter) + "' must be 1 to 64 of a-z, 0-9, '.', '-' and '_'"});
}

std::string wire_json(const std::vector<Tallies>& parts) {
  Tallies sums;
  for (const Tallies& part : parts) {
    for (const auto& [name, tally] : part) {
      WireTally& sum = sums[name];
      sum.requests += tally.requests;
      sum.octets.received += tally.octets.received;
      sum.octets.sent += tally.octets.sent;
    }
  }
  std::string out;
  json::ObjectWriter object(out);
  for (const auto& [name, tally] : sums) {
    json::ObjectWriter(object.begin(name))
        .integer("requests", tally.requests)
        .integer("received_bytes", tally.octets.received)
        .integer("sent_bytes", tally.octets.sent)
        .finish();
  }
  object.finish();
  return out;
}

template <class Answer, class Ask, class Text>
void answer_from_all(Worker& worker, Exchange& exchange, Ask ask, Text text) {
  const bool begun = ask_all_reactors<Answer>(
      worker, std::move(ask),
      [&worker, text, handle = exchange.handle()](const std::vector<Answer>& answers) {
        Exchange* const waiting = worker.find(handle);
        if (waiting == nullptr) return;
        waiting->respond(json_response(200, text(answers)).add("Cache-Control", "no-store"));
      });
  if (!begun) exchange.respond(problem_response(too_many_rounds()));
}

void serve_wire(const std::shared_ptr<Meters>& meters, Worker& worker, Exchange& exchange) {
  auto visitor = label_of(exchange.request(), "visitor");
  if (!visitor) return exchange.respond(problem_response(visitor.error()));
  answer_from_all<Tallies>(
      worker, exchange,
      [meters, prefix = *visitor + "."](Worker& there) { return meters->of(there).read(prefix); },
      wire_json);
}

void serve_cut(const std::shared_ptr<Meters>& meters, Worker& worker, Exchange& exchange) {
  auto label = label_of(exchange.request(), "lab");
  if (!label) return exchange.respond(problem_response(label.error()));
  answer_from_all<std::size_t>(
      worker, exchange,
      [meters, label = *label](Worker& there) { return meters->of(there).cut(label); },
      [](const std::vector<std::size_t>& counts) {
        std::size_t sum = 0;
        for (const std::size_t count : counts) sum += count;
        std::string out;
        json::ObjectWriter(out).integer("cut", sum).finish();
        return out;
      });
}

/// Counts, refuses or holds back, and only then serves.
void serve_in_lab(Meters& meters, const Handler& handler, Worker& worker, Exchange& exchange) {
  const Request& request = exchange.request();
  const auto label = request.parameter("lab");
  if (net::Stream* stream = exchange.stream()) {
    meters.of(worker).on_request(*stream, label && is_label(*label) ? *label : Bytes{});
  }
  if (!label) return handler(worker, exchange);
  if (request.parameter("lab_block")) {
    return exchange.respond(problem_response(
        {.code = native::ProblemCode::Forbidden, .detail = "the lab stands in the way, as asked"}));
  }
  const auto delay_ms = number_of(request, "lab_delay_ms", 0, kMostDelayMs);
  if (!delay_ms) return exchange.respond(problem_response(delay_ms.error()));
  if (!*delay_ms || **delay_ms == 0) return handler(worker, exchange);
  worker.reactor().after(std::chrono::milliseconds(**delay_ms),
                         [&handler, &worker, handle = exchange.handle()] {
                           Exchange* const waiting = worker.find(handle);
                           if (waiting != nullptr) handler(worker, *waiting);
                         });
}

}  // namespace

void add_lab(Router& router, std::size_t reactor_count) {
  auto meters = std::make_shared<Meters>(reactor_count);
  router.wrap_all([&meters](Handler handler) -> Handler {
    // Shared: a request that is held back refers to it, and the router outlives all requests.
    return [meters, inner = std::make_shared<const Handler>(std::move(handler))](
               Worker& worker, Exchange& exchange) {
      serve_in_lab(*meters, *inner, worker, exchange);
    };
  });
  router.add("GET", "/api/lab/wire", {.handler = [meters](Worker& worker, Exchange& exchange) {
               serve_wire(meters, worker, exchange);
             }});
  router.add("POST", "/api/lab/cut", {.handler = [meters](Worker& worker, Exchange& exchange) {
               serve_cut(meters, worker, exchange);
             }});
}

}  // namespace carillon::transport
