#include "protocol/native/cbor_to_json.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <limits>

#include "protocol/cbor/head.hpp"
#include "protocol/cbor/item.hpp"
#include "protocol/json/writer.hpp"

namespace carillon::native {
namespace {

using cbor::Head;
using cbor::Major;

std::unexpected<Fault> no_json(Bytes what) {
  return std::unexpected(
      fmt::format("without \"data\" the members are the data, as JSON, which has no {}", what));
}

/// A text or an integer as it stands alone; its octets are taken off `rest`.
void append_negative(std::string& out, std::uint64_t argument) {
  out.push_back('-');
  if (argument == std::numeric_limits<std::uint64_t>::max()) {
    out.append("18446744073709551616");
  } else {
    json::append_integer(out, argument + 1);
  }
}

Result<void, Fault> append_simple(std::string& out, const cbor::Item& item) {
  switch (item.kind) {
    case cbor::Kind::Null:
      out.append("null");
      return {};
    case cbor::Kind::Boolean:
      out.append(*cbor::read_boolean(item) ? "true" : "false");
      return {};
    case cbor::Kind::Float: {
      const double number = *cbor::read_number(item);
      if (!std::isfinite(number)) return no_json("infinity and no NaN");
      fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}"), number);
      return {};
    }
    default:
      return no_json("such simple values");
  }
}

/// Takes the pieces of a string off `rest`, as one.
std::string take_text(Bytes& rest, const Head& head) {
  std::string text;
  Head piece = head;
  const bool in_pieces = head.is_indefinite();
  while (true) {
    if (in_pieces) {
      if (rest.front() == cbor::kBreak) break;
      piece = cbor::take_head(rest);
    }
    text.append(rest.substr(0, static_cast<std::size_t>(piece.argument)));
    rest.remove_prefix(static_cast<std::size_t>(piece.argument));
    if (!in_pieces) return text;
  }
  rest.remove_prefix(1);
  return text;
}

/// Whether the container of `head` ends here, after `count` of its items; takes a break.
bool take_end(Bytes& rest, const Head& head, std::uint64_t count) {
  if (!head.is_indefinite()) return count == head.argument;
  if (rest.front() != cbor::kBreak) return false;
  rest.remove_prefix(1);
  return true;
}

Result<void, Fault> append_value(std::string& out, Bytes& rest);

/// Recursion is as deep as the limits of whoever validated the item.
Result<void, Fault> append_container(std::string& out, Bytes& rest, const Head& head) {
  const bool is_map = head.major == Major::Map;
  out.push_back(is_map ? '{' : '[');
  for (std::uint64_t count = 0; !take_end(rest, head, count); ++count) {
    if (count > 0) out.push_back(',');
    if (is_map) {
      const Head key = cbor::take_head(rest);
      json::append_string(out, take_text(rest, key));
      out.push_back(':');
    }
    TRY(append_value(out, rest));
  }
  out.push_back(is_map ? '}' : ']');
  return {};
}

Result<void, Fault> append_value(std::string& out, Bytes& rest) {
  const Bytes from = rest;
  const Head head = cbor::take_head(rest);
  switch (head.major) {
    case Major::Unsigned:
      json::append_integer(out, head.argument);
      return {};
    case Major::Negative:
      append_negative(out, head.argument);
      return {};
    case Major::Text:
      json::append_string(out, take_text(rest, head));
      return {};
    case Major::Array:
    case Major::Map:
      return append_container(out, rest, head);
    case Major::Simple:
      return append_simple(out, {.raw = from, .kind = cbor::kind_of(from)});
    case Major::Octets:
      return no_json("byte strings: send one as \"data\"");
    case Major::Tag:
      break;
  }
  return no_json("tags");
}

}  // namespace

Result<void, Fault> append_json(std::string& out, Bytes item) {
  return append_value(out, item);
}

}  // namespace carillon::native
