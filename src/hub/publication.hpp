// One message in a channel: made once by the broker, then immutable and shared by everyone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "core/position.hpp"
#include "core/time.hpp"
#include "hub/client_id.hpp"
#include "hub/presence.hpp"
#include "hub/types.hpp"

namespace carillon::hub {

enum class DataKind : std::uint8_t {
  Json,    // `data` is the text of one JSON value, already validated
  Binary,  // any octets
};

enum class PublicationKind : std::uint8_t {
  Kept,       // numbered, in the history
  Ephemeral,  // for who is there now: no offset, no history
  Presence,   // the same, of who comes and goes: `change` says it all
};

/// Who published; both may be absent.
struct Publisher {
  std::string user;
  ClientId client;
};

/// What a publisher hands in, before the broker has numbered it.
struct PublicationDraft {
  std::string channel;
  std::string data;
  DataKind data_kind = DataKind::Json;
  Publisher publisher;
  std::string key;  // the conflation key; empty: none
};

/// Thread:   immutable; shared by all reactors.
struct Publication {
  std::string channel;
  std::string data;
  std::string user;   // the publisher's; empty: none
  std::string key;    // the conflation key; empty: none
  Position position;  // of an ephemeral: where the channel stood (its own offset it has not)
  Timestamp timestamp;
  ClientId client;  // the publisher's
  DataKind data_kind = DataKind::Json;
  PublicationKind kind = PublicationKind::Kept;
  std::unique_ptr<const PresenceChange> change = nullptr;

  bool is_kept() const { return kind == PublicationKind::Kept; }
  /// What it costs in memory; what every byte limit of the hub and the broker counts.
  std::size_t footprint_bytes() const;
};

/// What those in a channel are told of a member.
PublicationPtr make_presence_publication(std::string channel, PresenceChange change,
                                         Timestamp timestamp);

/// The publication that a broker makes of a draft.
PublicationPtr make_publication(PublicationDraft draft, PublicationKind kind, Position position,
                                Timestamp timestamp);

}  // namespace carillon::hub
