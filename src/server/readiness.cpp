#include "server/readiness.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/random.hpp"
#include "net/reactor.hpp"
#include "server/settings.hpp"

namespace carillon::server {
namespace {

constexpr Duration kLongestCheck = std::chrono::seconds(5);

}  // namespace

ReadinessCheck::ReadinessCheck(transport::Worker& worker, transport::Exchange& exchange,
                               const cluster::durable::Journal* journal)
    : worker_(worker),
      exchange_(exchange),
      journal_(journal),
      channel_(fmt::format("{}:ready:{}", transport::kInternalNamespace, worker.reactor().index())),
      token_("\"" + random_text(16) + "\"") {}

ReadinessCheck::~ReadinessCheck() {
  worker_.hub().unsubscribe(subscription_);
}

void ReadinessCheck::start() {
  exchange_.set_deadline(worker_.reactor().now() + kLongestCheck);
  subscription_ =
      worker_.hub().subscribe(*this, {.channel = channel_, .start = hub::Live{}},
                              [this](Result<hub::Subscribed, hub::BrokerError> subscribed) {
                                if (!subscribed) return answer(503, "cannot subscribe\n");
                                publish();
                              });
}

void ReadinessCheck::publish() {
  hub::PublishRequest request{.draft = {.channel = channel_, .data = token_}, .dedupe = {}};
  worker_.hub().publish(
      std::move(request), [&worker = worker_, handle = exchange_.handle(),
                           journal = journal_](Result<hub::Receipt, hub::BrokerError> receipt) {
        transport::Exchange* waiting = worker.find(handle);
        if (receipt || waiting == nullptr) return;
        const std::string trouble = journal == nullptr ? std::string() : journal->trouble();
        waiting->respond(transport::make_response(
            503, "text/plain",
            trouble.empty() ? "cannot publish\n" : "cannot publish: " + trouble + "\n"));
      });
}

void ReadinessCheck::on_delivery(const hub::Delivery& delivery) {
  for (const hub::PublicationPtr& publication : delivery.publications()) {
    if (publication->data == token_) return answer(200, "ready\n");
  }
}

void ReadinessCheck::on_deadline() {
  answer(503, "a message was published and did not arrive\n");
}

void ReadinessCheck::on_shutdown(Duration /*reconnect_after*/) {
  answer(503, "stopping\n");
}

void ReadinessCheck::answer(int status, Bytes text) {
  if (std::exchange(answered_, true)) return;
  worker_.hub().unsubscribe(std::exchange(subscription_, {}));
  exchange_.respond(
      transport::make_response(status, "text/plain", text).add("Cache-Control", "no-store"));
}

}  // namespace carillon::server
