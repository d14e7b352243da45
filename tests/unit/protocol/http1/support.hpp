// Reads requests cut in any way and tells in one text what came out, so that cuts can be compared.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/http1/parser.hpp"

namespace carillon::http1::testing {

constexpr std::uint64_t kBodyLimit = 1000;

struct Received {
  RequestHead head;
  std::string body;
  bool complete = false;
};

struct Outcome {
  std::vector<Received> messages;
  std::optional<ParseError> error;
  RequestParser::Phase phase = RequestParser::Phase::Idle;
};

/// Feeds one piece; each lives in a block of its exact size, so that reading past it is noticed.
inline void feed(RequestParser& parser, Bytes piece, std::uint64_t body_limit, Outcome& outcome) {
  const auto block = std::make_unique<char[]>(piece.size());
  std::copy(piece.begin(), piece.end(), block.get());
  Bytes input(block.get(), piece.size());
  while (!outcome.error) {
    const auto event = parser.poll(input);
    if (!event) {
      outcome.error = event.error();
    } else if (!event->has_value()) {
      return;
    } else if (std::holds_alternative<HeadComplete>(**event)) {
      outcome.messages.push_back({parser.take_head(), "", false});
      parser.limit_body(body_limit);
    } else if (const auto* body = std::get_if<BodyPiece>(&**event)) {
      outcome.messages.back().body.append(body->bytes);
    } else {
      outcome.messages.back().complete = true;
    }
  }
}

/// Reads `octets` cut before each of `cuts` (ascending).
inline Outcome read_cut(Bytes octets, const std::vector<std::size_t>& cuts, const Limits& limits,
                        std::uint64_t body_limit = kBodyLimit) {
  Outcome outcome;
  RequestParser parser(limits);
  std::size_t begin = 0;
  for (const std::size_t cut : cuts) {
    feed(parser, octets.substr(begin, cut - begin), body_limit, outcome);
    begin = cut;
  }
  feed(parser, octets.substr(begin), body_limit, outcome);
  outcome.phase = parser.phase();
  return outcome;
}

inline Outcome read_whole(Bytes octets, const Limits& limits = Limits(),
                          std::uint64_t body_limit = kBodyLimit) {
  return read_cut(octets, {}, limits, body_limit);
}

inline std::string describe(const Outcome& outcome) {
  std::string text;
  for (const Received& message : outcome.messages) {
    const RequestHead& head = message.head;
    text += fmt::format("{}|{}|{}|{}|{}|{}\n", head.method(), head.target(), head.authority(),
                        head.path(), head.query(), static_cast<int>(head.version()));
    for (std::size_t index = 0; index < head.fields().size(); ++index) {
      const Field field = head.fields().at(index);
      text += fmt::format("<{}>=<{}>\n", field.name, field.value);
    }
    text += fmt::format("body <{}> {}\n", message.body, message.complete ? "complete" : "cut");
  }
  if (outcome.error) text += fmt::format("error {}", explain(*outcome.error));
  return text + fmt::format("phase {}", static_cast<int>(outcome.phase));
}

/// Whatever the cuts, the same must come out: each two-piece cut, and octet by octet.
inline std::optional<std::string> difference_by_cuts(Bytes octets,
                                                     const Limits& limits = Limits()) {
  const std::string whole = describe(read_cut(octets, {}, limits));
  std::vector<std::size_t> all;
  for (std::size_t cut = 1; cut < octets.size(); ++cut) {
    all.push_back(cut);
    const std::string parted = describe(read_cut(octets, {cut}, limits));
    if (parted != whole) return fmt::format("cut at {}: {}\nwhole: {}", cut, parted, whole);
  }
  const std::string single = describe(read_cut(octets, all, limits));
  if (single != whole) return fmt::format("octet by octet: {}\nwhole: {}", single, whole);
  return std::nullopt;
}

/// The first request of `octets`, which must be valid.
inline RequestHead head_of(Bytes octets) {
  Outcome outcome = read_whole(octets);
  return outcome.messages.empty() ? RequestHead() : std::move(outcome.messages.front().head);
}

}  // namespace carillon::http1::testing
