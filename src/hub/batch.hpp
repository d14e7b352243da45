// What piled up in one channel of one reactor since its subscribers were last visited.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/position.hpp"
#include "core/shared_bytes.hpp"
#include "hub/client_id.hpp"
#include "hub/publication.hpp"
#include "hub/wire_form.hpp"

namespace carillon::hub {

/// The octets of a batch in one wire form, made when the first subscriber needs them.
class Encoding {
 public:
  bool is_made() const { return made_; }
  void make(WireFormId form, const WireForms& forms, const std::vector<PublicationPtr>& batch);
  /// For use with another batch.
  void clear();

  const SharedBytes& whole() const { return whole_; }
  /// One message alone: a copy of its own, made once.
  const SharedBytes& message(std::size_t index);

 private:
  bool made_ = false;
  SharedBytes whole_;
  std::vector<std::size_t> ends_;  // in `whole_`, of each message
  std::vector<SharedBytes> messages_;
};

/// Publications in order, maybe with a gap before the first. Each of these items has a sequence
/// number of its channel on this reactor, so that who joins later is not given older ones.
class Batch {
 public:
  /// Lifetime: `forms` outlives the batch.
  explicit Batch(const WireForms& forms) : forms_(forms), encodings_(forms.count()) {}

  /// Empties it; the next item will be numbered `first_sequence`, and readers stand at `begin`.
  void open(std::uint64_t first_sequence, const Position& begin);
  void add_gap(const Position& position);
  void add(const PublicationPtr& publication);

  bool is_empty() const { return publications_.empty() && !gap_; }
  const std::vector<PublicationPtr>& publications() const { return publications_; }
  std::size_t footprint_bytes() const { return footprint_bytes_; }
  const std::optional<Position>& gap() const { return gap_; }
  std::uint64_t first_sequence() const { return first_sequence_; }
  std::uint64_t last_sequence() const;
  std::uint64_t sequence_of(std::size_t index) const;
  /// Where a reader stands before it (and before its gap) and after it.
  const Position& begin() const { return begin_; }
  const Position& position() const { return position_; }
  /// Whether it tells of somebody who comes or goes.
  bool has_presence() const { return has_presence_; }
  /// Whether it may hold something of this client: false is certain.
  bool may_be_from(ClientId client) const { return (client_bits_ & bit_of(client)) != 0; }

  /// Not made before somebody needs it: see `encode`.
  Encoding& encoding(WireFormId form) { return encodings_[form.index]; }
  void encode(WireFormId form) { encodings_[form.index].make(form, forms_, publications_); }

 private:
  static std::uint64_t bit_of(ClientId client) {
    return std::uint64_t{1} << (client.value >> 58);  // the high bits: the low ones name reactors
  }

  const WireForms& forms_;
  std::vector<PublicationPtr> publications_;
  std::optional<Position> gap_;
  Position begin_;
  Position position_;
  std::uint64_t first_sequence_ = 0;
  std::uint64_t client_bits_ = 0;
  bool has_presence_ = false;
  std::size_t footprint_bytes_ = 0;
  std::vector<Encoding> encodings_;  // by wire form
};

/// Batches of one reactor that wait for their next use with their buffers.
class BatchPool {
 public:
  explicit BatchPool(const WireForms& forms) : forms_(forms) {}

  std::unique_ptr<Batch> take(std::uint64_t first_sequence, const Position& begin);
  void give_back(std::unique_ptr<Batch> batch);

 private:
  const WireForms& forms_;
  std::vector<std::unique_ptr<Batch>> spare_;
};

}  // namespace carillon::hub
