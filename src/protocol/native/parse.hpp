// Commands and publications out of JSON and CBOR, which may be anybody's: every fault has its own
// words.
#pragma once

#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/native/command.hpp"
#include "protocol/native/encoding.hpp"
#include "protocol/native/limits.hpp"
#include "protocol/native/problem_code.hpp"

namespace carillon::native {

/// `id` is the command's id as it is written, to be echoed in its one reply; empty without one. The
/// reply is in the command's encoding.
struct ParsedCommand {
  std::string id;
  Command command;
  Encoding encoding = Encoding::Json;
};

/// `message` is for the developer at the other end and names the member at fault; `id` as above,
/// where it could be read.
struct CommandError {
  ProblemCode code;
  std::string message;
  std::string id;
  Encoding encoding = Encoding::Json;
};

/// Reads one command in JSON. Unknown members are ignored; optional ones that are null count as
/// absent (but for `data`, where null is data). Errors:   BadRequest. Lifetime: `Data` is borrowed
/// from `text`, unless it had to be decoded or put together.
Result<ParsedCommand, CommandError> parse_command(Bytes text, const Limits& limits = {});

/// The same in CBOR.
Result<ParsedCommand, CommandError> parse_cbor_command(Bytes octets, const Limits& limits = {});

/// A body with one item, or with an array of them, each of which may be wrong by itself.
template <class Item>
struct Batch {
  bool is_array = false;
  std::vector<Result<Item, CommandError>> items;
};

/// The JSON body of `POST /api/messages`: like the command `message`, but `type` and `id` mean
/// nothing. What is no array is one item, whatever it is.
/// Errors: BadRequest for an array that is not JSON, TooLarge for one of too many items.
Result<Batch<Publish>, CommandError> parse_publish_body(Bytes text, const Limits& limits = {});

/// The body of `POST /api/commands`; errors as above.
Result<Batch<ParsedCommand>, CommandError> parse_commands_body(Bytes text,
                                                               const Limits& limits = {});

}  // namespace carillon::native
