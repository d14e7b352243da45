#include <sys/eventfd.h>

#include <memory>
#include <numeric>
#include <string>

#include "core/check.hpp"
#include "guard/hot_paths.hpp"
#include "net/reactor.hpp"
#include "protocol/websocket/frame.hpp"
#include "server/shard.hpp"
#include "transport/common/publication_json.hpp"
#include "transport/sse/wire_form.hpp"
#include "transport/websocket/endpoint.hpp"
#include "transport/websocket/wire_form.hpp"

namespace carillon::bench {
namespace {

constexpr std::size_t kSubscribers = 1'000;
constexpr std::size_t kPublications = 1'000;
constexpr auto kNoWait = Duration::zero();

/// A kernel that takes everything at once and has nothing to say.
class SilentKernel final : public net::IoBatch {
 public:
  void send_many(std::span<net::SendOp> operations) override {
    for (net::SendOp& each : operations) {
      each.result = 0;
      for (const iovec& piece : each.pieces) each.result += static_cast<ssize_t>(piece.iov_len);
    }
  }
  void recv_many(std::span<net::RecvOp> operations) override {
    for (net::RecvOp& each : operations) each.result = -EAGAIN;
  }
  std::string_view name() const override { return "silent"; }
};

/// One reactor as the server wires it, with WebSockets whose sockets are none.
class Stage {
 public:
  Stage()
      : shared_{.namespaces = hub::NamespaceTable{},
                .budget = cluster::SharedBudget(cluster::BudgetLimits{})} {
    fill_shared_parts();
    shard_ = std::make_unique<server::Shard>(reactor_, shared_);
    for (std::size_t index = 0; index < kSubscribers; ++index) add_subscriber();
    settle();
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  /// The connections go before what they belong to.
  ~Stage() {
    reactor_.stop();
    reactor_.run();
  }

  hub::Hub& hub() { return shard_->hub(); }
  net::Reactor& reactor() { return reactor_; }
  void settle() {
    for (int tick = 0; tick < 8; ++tick) reactor_.run_once(kNoWait);
  }
  void publish(std::string channel) {
    hub().publish(
        {.draft = {.channel = std::move(channel), .data = std::string(128, '7')}, .dedupe = {}},
        [](auto receipt) { CARILLON_CHECK(receipt.has_value()); });
  }
  std::uint64_t sends() { return reactor_.probe().sends; }

 private:
  void fill_shared_parts() {
    shared_.peers.hubs.resize(1);
    shared_.peers.homes.resize(1);
    shared_.peers.session_directories.resize(1);
    hub::WireForms& forms = shared_.wire_forms;
    shared_.wire_form_ids = {.list_item = forms.add("poll", transport::encode_list_item),
                             .event = forms.add("sse", transport::encode_event),
                             .event_id = forms.add("sse_id", transport::encode_event_with_id),
                             .text_frame = forms.add("websocket", transport::encode_text_frame)};
    shared_.settings.session.secret = std::string(32, 's');
  }

  void add_subscriber() {
    auto owned = std::make_unique<transport::WebSocketEndpoint>(
        shard_->worker(), transport::Caller{.locality = access::Locality::Loopback,
                                            .client = shard_->sessions().make_client_id()});
    transport::WebSocketEndpoint& endpoint = *owned;
    const Handle handle =
        reactor_.adopt(net::UniqueFd(::eventfd(0, EFD_NONBLOCK)), {}, std::move(owned));
    CARILLON_CHECK(handle);
    endpoint.open(*reactor_.find(handle));
    std::string frame = websocket::client_frame(
        websocket::Opcode::Text, R"({"type":"subscribe","channel":"hot"})", {1, 2, 3, 4});
    endpoint.on_bytes(frame);
    reactor_.run_once(kNoWait);
  }

  net::Reactor reactor_{{.make_io_batch = [] { return std::make_unique<SilentKernel>(); }}};
  server::SharedParts shared_;
  std::unique_ptr<server::Shard> shard_;
};

}  // namespace

std::vector<HotPath> delivery_paths() {
  auto stage = std::make_shared<Stage>();
  const auto publish = [stage] {
    for (std::size_t index = 0; index < kPublications; ++index) stage->publish("lonely");
  };
  const auto deliver = [stage] {
    while (stage->hub().deliver()) {
    }
  };
  const auto flush = [stage] {
    const std::uint64_t before = stage->sends();
    while (stage->sends() < before + kSubscribers) stage->reactor().run_once(kNoWait);
  };
  const auto settle = [stage] { stage->settle(); };
  return {
      {.name = "publish", .operations = kPublications, .prepare = settle, .run = publish},
      {.name = "fan_out_1000",
       .operations = kSubscribers,
       .prepare =
           [stage] {
             stage->settle();
             stage->publish("hot");
           },
       .run = deliver},
      {.name = "flush_1000",
       .operations = kSubscribers,
       .prepare =
           [stage, deliver] {
             stage->settle();
             stage->publish("hot");
             deliver();
           },
       .run = flush},
  };
}

}  // namespace carillon::bench
