#include "protocol/socketio/placeholder.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "protocol/json/object.hpp"
#include "protocol/json/scalar.hpp"
#include "protocol/json/writer.hpp"

namespace carillon::socketio {
namespace {

constexpr Bytes kFlag = "_placeholder";
constexpr Bytes kNumber = "num";

/// Walks the tokens of a text that is known to be valid, so that it need not look for faults.
class Finder {
 public:
  explicit Finder(Bytes text) : text_(text) {}

  std::vector<Placeholder> run() {
    while (at_ < text_.size()) step();
    return std::move(found_);
  }

 private:
  enum class Awaits { Other, Flag, Number };
  struct Container {
    std::size_t offset;
    std::size_t found_before;  // placeholders in front of it
    bool is_object;
    bool is_flagged = false;
    std::optional<std::size_t> number;
    Awaits awaits = Awaits::Other;  // what the value of the last key means
  };

  void step() {
    switch (text_[at_]) {
      case '{':
      case '[':
        open();
        return;
      case '}':
      case ']':
        close();
        return;
      case '"':
        on_string();
        return;
      case ' ':
      case '\t':
      case '\r':
      case '\n':
      case ':':
      case ',':
        ++at_;
        return;
      default:
        on_scalar();
    }
  }

  void open() {
    if (!open_.empty()) open_.back().awaits = Awaits::Other;
    open_.push_back({.offset = at_,
                     .found_before = found_.size(),
                     .is_object = text_[at_] == '{',
                     .number = {}});
    ++at_;
  }

  void close() {
    ++at_;
    const Container closed = open_.back();
    open_.pop_back();
    if (!closed.is_flagged) return;
    found_.resize(closed.found_before);
    found_.push_back({closed.offset, at_ - closed.offset, closed.number});
  }

  /// A key, or a value that means nothing here.
  void on_string() {
    const std::size_t from = at_;
    for (++at_; text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    const Bytes raw = text_.substr(from, ++at_ - from);
    if (open_.empty() || !open_.back().is_object) return;
    Container& object = open_.back();
    const std::size_t next = text_.find_first_not_of(" \t\r\n", at_);
    if (text_[next] != ':') return;
    object.awaits = json::string_is(raw, kFlag)     ? Awaits::Flag
                    : json::string_is(raw, kNumber) ? Awaits::Number
                                                    : Awaits::Other;
  }

  void on_scalar() {
    const std::size_t end = std::min(text_.find_first_of(" \t\r\n,]}", at_), text_.size());
    const Bytes raw = text_.substr(at_, end - at_);
    at_ = end;
    if (open_.empty()) return;
    Container& object = open_.back();
    if (object.awaits == Awaits::Flag) object.is_flagged = raw == "true";
    if (object.awaits == Awaits::Number) object.number = number_of(raw);
    object.awaits = Awaits::Other;
  }

  static std::optional<std::size_t> number_of(Bytes raw) {
    constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
    const auto number = json::read_integer({raw, json::Kind::Number}, 0, kMost);
    if (!number) return std::nullopt;
    return static_cast<std::size_t>(*number);
  }

  Bytes text_;
  std::size_t at_ = 0;
  std::vector<Container> open_;
  std::vector<Placeholder> found_;
};

}  // namespace

std::vector<Placeholder> find_placeholders(Bytes json) {
  return Finder(json).run();
}

void append_placeholder(std::string& out, std::size_t number) {
  out.append(R"({"_placeholder":true,"num":)");
  json::append_integer(out, number);
  out.push_back('}');
}

void append_renumbered(std::string& out, Bytes json, std::size_t count, std::size_t shift) {
  std::size_t done = 0;
  for (const Placeholder& each : find_placeholders(json)) {
    out.append(json.substr(done, each.offset - done));
    if (each.number && *each.number < count) {
      append_placeholder(out, *each.number + shift);
    } else {
      out.append("null");
    }
    done = each.offset + each.length;
  }
  out.append(json.substr(done));
}

}  // namespace carillon::socketio
