// What numbers and carries publications. The memory broker serves one node and completes at once;
// one over a network completes later and may fail. The path through the hub is the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "hub/error.hpp"
#include "hub/page.hpp"
#include "hub/publication.hpp"

namespace carillon::hub {

/// Called exactly once, at once or later, on the reactor that asked. What it captures must bear
/// to be destroyed on another reactor's thread (ids and plain values do).
template <class Value>
using Completion = std::move_only_function<void(Result<Value, BrokerError>)>;

/// Makes a repetition of one publish harmless.
struct Dedupe {
  std::string scope;  // names the publisher; keys of different scopes never meet
  std::string key;    // empty: no idempotency asked for
};

struct PublishRequest {
  PublicationDraft draft;
  Dedupe dedupe;
};

struct Receipt {
  Position position;
  Timestamp timestamp;
  bool duplicate = false;  // the first receipt again: nothing was published now
};

struct ListRequest {
  std::string prefix;
  std::string after;        // the cursor: the last name of the page before; empty: from the start
  std::size_t limit = 100;  // at most limits::kPageChannels count
  /// Which of them are meant; none: all. Called on every reactor.
  std::function<bool(Bytes)> wanted = {};
};

struct ChannelInfo {
  std::string name;
  Position top;
  std::size_t publication_count = 0;  // retained
  std::size_t history_bytes = 0;
  std::size_t subscription_count = 0;  // on this node
};

struct ChannelList {
  std::vector<ChannelInfo> channels;  // by name, ascending
  bool at_end = true;
};

/// Hears the publications of the channels a broker was asked to subscribe to.
class BrokerListener {
 public:
  /// In the order of the channel. It may repeat or leave out some (the reader looks at the
  /// offsets and reads the log), never reorder.
  virtual void on_publication(const PublicationPtr& publication) = 0;

 protected:
  ~BrokerListener() = default;
};

/// One object per home reactor.
///
/// Operations on one channel take effect in the order of the calls. Every completion may bring
/// `Unavailable`; whether a publish that fails so took effect is then unknown, which is what
/// `Dedupe` is for.
/// Thread: one.
class Broker {
 public:
  virtual ~Broker() = default;

  /// Whom publications are told; set once, before anything else.
  virtual void listen(BrokerListener& listener) = 0;

  /// Gives it the next offset and a timestamp of max(now, last + 1 µs), keeps it, tells it.
  /// Errors: Unavailable, TooManyChannels, DedupeMismatch.
  virtual void publish(PublishRequest request, Completion<Receipt> done) = 0;

  /// For who is there now: told in order with the others, not numbered, not kept.
  virtual void publish_ephemeral(PublicationDraft draft, Completion<void> done) = 0;

  /// Reading never creates a channel: one that nobody has published to stands at offset 0 of an
  /// epoch, and a reader that starts there misses nothing.
  virtual void read(ReadRequest request, Completion<Page> done) = 0;

  /// As read, and from the page's `top` on the listener hears the channel: in one step, so that
  /// nothing falls between the two. It may hear some of the page's own too. May be called again
  /// for a channel that is subscribed to.
  virtual void subscribe(ReadRequest request, Completion<Page> done) = 0;

  /// The listener need not hear this channel any more. Quiet when it is not subscribed to.
  virtual void unsubscribe(Bytes channel) = 0;

  /// Nothing published so far is retained any more, the numbering goes on: for readers it is as if
  /// it had been pruned. Brings the position after the last of it.
  virtual void delete_history(std::string channel, Completion<Position> done) = 0;

  /// Channels that live here, by name. `subscription_count` is left 0.
  virtual void list_channels(ListRequest request, Completion<ChannelList> done) = 0;

  /// Called about every limits::kTimeStep: forgets what is too old, a bounded piece each time.
  virtual void on_time() = 0;
};

}  // namespace carillon::hub
