#include "hub/batch.hpp"

#include <utility>

#include "hub/delivery.hpp"
#include "hub/limits.hpp"

namespace carillon::hub {
namespace {

/// A buffer that grew beyond this for one batch is not kept for the next.
constexpr std::size_t kKeptCapacity = 256 * 1024;
/// So with a batch that held more publications than this.
constexpr std::size_t kKeptPublications = 1'024;

}  // namespace

void Encoding::make(WireFormId form, const WireForms& forms,
                    const std::vector<PublicationPtr>& batch) {
  thread_local std::string buffer;
  buffer.clear();
  for (const PublicationPtr& publication : batch) {
    forms.encode(form, *publication, buffer);
    ends_.push_back(buffer.size());
  }
  whole_ = SharedBytes(buffer);
  made_ = true;
  if (buffer.capacity() > kKeptCapacity) std::string().swap(buffer);  // `= {}` would keep it
}

void Encoding::clear() {
  made_ = false;
  whole_ = {};
  ends_.clear();
  messages_.clear();
}

const SharedBytes& Encoding::message(std::size_t index) {
  if (ends_.size() == 1) return whole_;
  messages_.resize(ends_.size());
  SharedBytes& message = messages_[index];
  if (message.empty()) {
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
    message = SharedBytes(whole_.view().substr(begin, ends_[index] - begin));
  }
  return message;
}

const SharedBytes& Delivery::bytes() const {
  return encoding_->whole();
}

const SharedBytes& Delivery::bytes(std::size_t index) const {
  return is_whole() ? encoding_->message(index) : messages_[index];
}

void Batch::open(std::uint64_t first_sequence, const Position& begin) {
  publications_.clear();
  gap_.reset();
  begin_ = begin;
  position_ = begin;
  first_sequence_ = first_sequence;
  client_bits_ = 0;
  has_presence_ = false;
  footprint_bytes_ = 0;
  for (Encoding& encoding : encodings_) {
    if (encoding.is_made()) encoding.clear();
  }
}

void Batch::add_gap(const Position& position) {
  gap_ = position;
  position_ = position;
}

void Batch::add(const PublicationPtr& publication) {
  publications_.push_back(publication);
  footprint_bytes_ += publication->footprint_bytes();
  client_bits_ |= bit_of(publication->client);
  if (publication->change) has_presence_ = true;
  if (publication->is_kept()) position_ = publication->position;
}

std::uint64_t Batch::last_sequence() const {
  return first_sequence_ + publications_.size() - (gap_ ? 0 : 1);
}

std::uint64_t Batch::sequence_of(std::size_t index) const {
  return first_sequence_ + index + (gap_ ? 1 : 0);
}

std::unique_ptr<Batch> BatchPool::take(std::uint64_t first_sequence, const Position& begin) {
  std::unique_ptr<Batch> batch;
  if (spare_.empty()) {
    batch = std::make_unique<Batch>(forms_);
  } else {
    batch = std::move(spare_.back());
    spare_.pop_back();
  }
  batch->open(first_sequence, begin);
  return batch;
}

void BatchPool::give_back(std::unique_ptr<Batch> batch) {
  if (spare_.size() >= limits::kSpareBatches) return;
  if (batch->publications().size() > kKeptPublications) return;
  batch->open(0, {});  // so that it holds on to no publication
  spare_.push_back(std::move(batch));
}

}  // namespace carillon::hub
