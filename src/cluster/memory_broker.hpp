// The broker of a single node: everything in memory, every call complete before it returns.
#pragma once

#include <memory>
#include <optional>

#include "cluster/shared_budget.hpp"
#include "hub/broker.hpp"
#include "hub/clock.hpp"
#include "hub/namespace_settings.hpp"
#include "hub/probe.hpp"

namespace carillon::cluster {

/// Lifetime: everything named here outlives the broker.
struct MemoryBrokerParts {
  const hub::Clock& clock;
  const hub::NamespaceTable& namespaces;
  SharedBudget& budget;  // one for all reactors
  hub::Probe& probe;     // this reactor's
};

class ChannelStore;
class DedupeWindow;
struct DedupeTicket;

/// One per reactor, for the channels that are at home there.
/// Thread: its reactor's.
class MemoryBroker final : public hub::Broker {
 public:
  explicit MemoryBroker(const MemoryBrokerParts& parts);
  ~MemoryBroker() override;

  void listen(hub::BrokerListener& listener) override { listener_ = &listener; }
  void publish(hub::PublishRequest request, hub::Completion<hub::Receipt> done) override;
  void publish_ephemeral(hub::PublicationDraft draft, hub::Completion<void> done) override;
  void read(hub::ReadRequest request, hub::Completion<hub::Page> done) override;
  void subscribe(hub::ReadRequest request, hub::Completion<hub::Page> done) override;
  void unsubscribe(Bytes channel) override;
  void list_channels(hub::ListRequest request, hub::Completion<hub::ChannelList> done) override;
  void on_time() override;

 private:
  using FirstReceipt = std::optional<hub::Receipt>;

  Result<hub::Receipt, hub::BrokerError> publish_now(hub::PublishRequest request);
  Result<FirstReceipt, hub::BrokerError> look_up_receipt(const DedupeTicket& ticket, Timestamp now);

  MemoryBrokerParts parts_;
  hub::BrokerListener* listener_ = nullptr;
  std::unique_ptr<ChannelStore> channels_;
  std::unique_ptr<DedupeWindow> dedupe_;
};

}  // namespace carillon::cluster
