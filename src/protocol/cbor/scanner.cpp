#include "protocol/cbor/scanner.hpp"

#include <span>

#include "core/utf8.hpp"

namespace carillon::cbor {
namespace {

constexpr std::size_t kUsualDepth = 64;
constexpr std::size_t kUsualKeys = 64;

}  // namespace

Scanner::Scanner(Bytes octets, const Limits& limits)
    : octets_(octets),
      limits_(limits),
      memory_(buffer_.data(), buffer_.size()),
      frames_(&memory_),
      keys_(&memory_) {
  static_assert(kUsualDepth * sizeof(Frame) + kUsualKeys * sizeof(PlacedKey) <= sizeof buffer_);
  frames_.reserve(kUsualDepth);
  keys_.reserve(kUsualKeys);
}

Result<void, Error> Scanner::run(std::vector<Member>* listed) {
  listed_ = listed;
  Next next = Next::Item;
  while (next == Next::Item) {
    if (frames_.size() == 1) listed_from_ = at_;
    next = TRY(scan_item());
  }
  if (at_ != octets_.size()) return fail(ErrorKind::TrailingData, at_);
  return {};
}

Result<Scanner::Next, Error> Scanner::scan_item() {
  std::size_t from = at_;
  Head head = TRY(scan_head());
  while (head.major == Major::Tag) {
    from = at_;
    head = TRY(scan_head());
  }
  switch (head.major) {
    case Major::Octets:
    case Major::Text:
      TRY(scan_string(head));
      break;
    case Major::Array:
    case Major::Map:
      return open(head, from);
    case Major::Simple:
      if (head.is_indefinite()) return fail(ErrorKind::UnexpectedBreak, from);
      break;
    case Major::Unsigned:
    case Major::Negative:
    case Major::Tag:
      break;
  }
  return after_item();
}

Result<Scanner::Next, Error> Scanner::open(const Head& head, std::size_t from) {
  if (frames_.size() == limits_.depth) return fail(ErrorKind::TooDeep, from);
  frames_.push_back({.is_map = head.major == Major::Map,
                     .is_indefinite = head.is_indefinite(),
                     .left = head.argument,
                     .first_key = keys_.size()});
  if (take_end(frames_.back())) {
    frames_.pop_back();
    return after_item();
  }
  if (frames_.back().is_map) TRY(scan_key());
  return Next::Item;
}

/// Ends whatever ends here, up to the next value or the end of the outermost one.
Result<Scanner::Next, Error> Scanner::after_item() {
  while (!frames_.empty()) {
    if (frames_.size() == 1) TRY(list_item());
    Frame& frame = frames_.back();
    --frame.left;
    if (!take_end(frame)) {
      if (frame.is_map) TRY(scan_key());
      return Next::Item;
    }
    TRY(close());
  }
  return Next::End;
}

bool Scanner::take_end(const Frame& frame) {
  if (!frame.is_indefinite) return frame.left == 0;
  if (!rest().starts_with(kBreak)) return false;
  ++at_;
  return true;
}

/// Leaves a container, whose keys must differ.
Result<void, Error> Scanner::close() {
  const std::size_t first_key = frames_.back().first_key;
  if (const auto repeated = find_repeated_key(std::span(keys_).subspan(first_key))) {
    return fail(ErrorKind::DuplicateKey, *repeated);
  }
  keys_.resize(first_key);
  frames_.pop_back();
  return {};
}

Result<void, Error> Scanner::scan_key() {
  const std::size_t from = at_;
  const Head head = TRY(scan_head());
  if (head.major != Major::Text || head.is_indefinite()) return fail(ErrorKind::KeyNotText, from);
  const Bytes key = TRY(scan_piece(head));
  keys_.push_back({key, from});
  if (frames_.size() == 1) listed_key_ = key;
  return {};
}

Result<void, Error> Scanner::scan_string(const Head& head) {
  if (!head.is_indefinite()) {
    TRY(scan_piece(head));
    return {};
  }
  while (!rest().starts_with(kBreak)) {
    const std::size_t from = at_;
    const Head piece = TRY(scan_head());
    if (piece.major != head.major || piece.is_indefinite()) return fail(ErrorKind::BadChunk, from);
    TRY(scan_piece(piece));
  }
  ++at_;
  return {};
}

/// The octets of a string of definite length.
Result<Bytes, Error> Scanner::scan_piece(const Head& head) {
  const std::size_t from = at_;
  if (head.argument > rest().size()) return fail(ErrorKind::UnexpectedEnd, octets_.size());
  const Bytes piece = rest().substr(0, static_cast<std::size_t>(head.argument));
  if (head.major == Major::Text && !is_utf8(piece)) return fail(ErrorKind::BadUtf8, from);
  at_ += piece.size();
  return piece;
}

Result<Head, Error> Scanner::scan_head() {
  const auto head = parse_head(rest());
  if (!head) return fail(head.error(), at_);
  if (!*head) return fail(ErrorKind::UnexpectedEnd, octets_.size());
  at_ += (*head)->head_bytes;
  return **head;
}

Result<void, Error> Scanner::list_item() {
  if (listed_ == nullptr) return {};
  if (listed_->size() == limits_.items) return fail(ErrorKind::TooMany, listed_from_);
  const Bytes raw = octets_.substr(listed_from_, at_ - listed_from_);
  listed_->push_back({listed_key_, {raw, kind_of(raw)}});
  return {};
}

}  // namespace carillon::cbor
