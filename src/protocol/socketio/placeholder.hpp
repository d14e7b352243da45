// Where attachments stand in a payload: objects like `{"_placeholder":true,"num":0}`.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.hpp"

namespace carillon::socketio {

struct Placeholder {
  /// Of the whole object, in octets of the text.
  std::size_t offset = 0;
  std::size_t length = 0;
  /// Empty where `num` is missing or no whole number: it stands for nothing.
  std::optional<std::size_t> number;
};

/// All placeholders of a valid JSON text, in its order. What is inside of one is no other.
/// Source: an object is one whose member `_placeholder` is `true`, whatever else it has; a key
/// may be written with escapes.
std::vector<Placeholder> find_placeholders(Bytes json);

void append_placeholder(std::string& out, std::size_t number);

/// Appends a valid JSON text whose own attachments are `count`, for a packet in which they follow
/// `shift` others. A placeholder of none of them came from somebody who wants to seize another's:
/// it becomes `null`.
void append_renumbered(std::string& out, Bytes json, std::size_t count, std::size_t shift);

}  // namespace carillon::socketio
