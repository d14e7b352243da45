#include "transport/common/channel_client.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "net/reactor.hpp"
#include "transport/common/operations.hpp"

namespace carillon::transport {
namespace {

using native::ProblemCode;

/// The end of a token is looked at again after so long, since wall clocks are set.
constexpr Duration kLongestLook = std::chrono::minutes(1);

}  // namespace

ChannelClient::ChannelClient(Worker& worker, Caller caller, std::unique_ptr<Seat> seat)
    : worker_(worker),
      caller_(std::move(caller)),
      seat_(std::move(seat)),
      opened_s_(seconds_of(worker.reactor().wall_clock())) {}

ChannelClient::~ChannelClient() {
  leave();
}

// --- Who it is ----------------------------------------------------------------------------------

Result<std::unique_ptr<Seat>, Problem> ChannelClient::seat_for(const Caller& next) {
  const bool is_named_now = caller_.identity.user().empty() && !next.identity.user().empty();
  if (!is_named_now) return nullptr;
  return take_seat(worker_, next, Comes::Named);
}

void ChannelClient::become(Caller next, std::unique_ptr<Seat> seat) {
  const Caller before = std::exchange(caller_, std::move(next));
  attend_as(before);
  if (seat_ && seat) {
    seat_->name_as(*seat);
  } else if (seat) {
    seat_ = std::move(seat);
  }
}

void ChannelClient::watch_expiry() {
  net::Reactor& reactor = worker_.reactor();
  reactor.cancel(expiry_);
  expiry_ = {};
  const TimePoint end = expiry_of(worker_, caller_.identity);
  if (end == TimePoint::max()) return;
  const Duration left = end - reactor.now();
  if (left <= Duration::zero()) return close(ProblemCode::Expired, true, Duration::zero());
  expiry_ = reactor.after(std::min(left, kLongestLook), [this] { watch_expiry(); });
}

void ChannelClient::expel(ProblemCode code, bool reconnect) {
  close(code, reconnect, Duration::zero());
}

void ChannelClient::on_replaced(hub::ClientId /*client*/) {
  close(ProblemCode::Replaced, false, Duration::zero());
}

// --- How much it may do -------------------------------------------------------------------------

Result<void, Problem> ChannelClient::admit(std::size_t bytes) {
  if (!caller_.is_limited()) return {};
  spend_itself();
  return admit_message(worker_, caller_, bytes);
}

/// From here on what it spends is its own.
void ChannelClient::spend_itself() {
  if (spending_) return;
  spending_ = std::make_unique<Spending>();
  caller_.spending = spending_.get();
}

void ChannelClient::cut_if_over() {
  if (spending_ && spending_->is_over) close(ProblemCode::RateLimited, true, kBreachWait);
}

void ChannelClient::fail(const Asker& asker, const Problem& problem) {
  ++worker_.probe().command_errors;
  say_failure(asker, problem);
  cut_if_over();
}

std::uint32_t ChannelClient::weight_of(const native::Command& command) {
  const bool reads = std::holds_alternative<native::History>(command) ||
                     std::holds_alternative<native::Presence>(command);
  return reads ? kPageWeight : 1;
}

void ChannelClient::end_command(std::uint32_t weight) {
  const bool waits = running_ >= kRunningCommands;
  running_ -= weight;
  if (waits && running_ < kRunningCommands) resume_reading();
}

// --- What back ends ask for ---------------------------------------------------------------------

std::vector<Bytes> ChannelClient::channels() const {
  std::vector<Bytes> names;
  for (const Subscription& each : subscriptions_) {
    if (each.maker != Maker::Endpoint) names.emplace_back(each.channel);
  }
  return names;
}

/// Told to the client as what its token joins is.
bool ChannelClient::add_channel(Bytes channel) {
  if (!is_here()) return false;
  if (Subscription* const heard = find(channel)) {
    heard->maker = Maker::BackEnd;  // whatever a later token of the client's says
    return false;
  }
  if (has_too_many()) return false;
  native::Subscribe command;
  command.channel = channel;
  begin_subscription({}, command, Maker::BackEnd);
  return true;
}

bool ChannelClient::remove_channel(Bytes channel) {
  Subscription* const subscription = is_here() ? find(channel) : nullptr;
  if (subscription == nullptr) return false;
  end_subscription(*subscription, hub::LeaveCause::Ended);
  say_unsubscribed(channel);
  return true;
}

// --- Ends ---------------------------------------------------------------------------------------

void ChannelClient::leave() {
  worker_.reactor().cancel(expiry_);
  for (const Subscription& subscription : std::exchange(subscriptions_, {})) {
    worker_.hub().unsubscribe(subscription.id);
    if (subscription.asking) running_ -= subscription.asking->weight;
  }
  memberships_.reset();
  worker_.sessions().release(caller_.client, *this);
}

}  // namespace carillon::transport
