// What a parser tells about a message, in this order: one HeadComplete, any number of
// BodyPieces, one MessageComplete.
#pragma once

#include <variant>

#include "core/bytes.hpp"

namespace carillon::http1 {

/// The head can be taken.
struct HeadComplete {};

/// Part of the decoded body, never empty.
/// Lifetime: a view of the input given to the same call.
struct BodyPiece {
  Bytes bytes;
};

/// What follows in the input belongs to the next message.
struct MessageComplete {};

using Event = std::variant<HeadComplete, BodyPiece, MessageComplete>;

}  // namespace carillon::http1
