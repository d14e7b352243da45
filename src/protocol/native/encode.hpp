// What the server says, in JSON or CBOR. Everything appends to a string that the caller keeps and
// reuses; in JSON, the two messages that go to many allocate nothing else.
#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.hpp"
#include "protocol/json/writer.hpp"
#include "protocol/native/encoding.hpp"
#include "protocol/native/message.hpp"
#include "protocol/native/position_list.hpp"

namespace carillon::native {

/// In the channel of a client it is a `signal`.
void append_message(std::string& out, const MessageView& message,
                    Encoding encoding = Encoding::Json);
void append_ephemeral(std::string& out, const EphemeralView& ephemeral,
                      Encoding encoding = Encoding::Json);

void append_presence(std::string& out, const PresenceChange& change,
                     Encoding encoding = Encoding::Json);

/// `{"type":"ok","id":…}`, with the members of what was asked for. `id` is as the command wrote it
/// in the same encoding, or empty.
void append_ok(std::string& out, Bytes id, Encoding encoding = Encoding::Json);
void append_ok(std::string& out, Bytes id, const Welcome& welcome,
               Encoding encoding = Encoding::Json);
void append_ok(std::string& out, Bytes id, const Subscribed& subscribed,
               Encoding encoding = Encoding::Json);
void append_ok(std::string& out, Bytes id, const Receipt& receipt,
               Encoding encoding = Encoding::Json);
void append_ok(std::string& out, Bytes id, const HistoryPage& page,
               Encoding encoding = Encoding::Json);
void append_ok(std::string& out, Bytes id, const PresencePage& page,
               Encoding encoding = Encoding::Json);
/// `{"type":"error","id":…,"code":…,"message":…}`.
void append_error(std::string& out, Bytes id, const Problem& problem,
                  Encoding encoding = Encoding::Json);
/// The one reply to a ping, so it carries the `id` if there was one.
void append_pong(std::string& out, Bytes id, Encoding encoding = Encoding::Json);

void append_welcome(std::string& out, const Welcome& welcome, Encoding encoding = Encoding::Json);
void append_gap(std::string& out, const Gap& gap, Encoding encoding = Encoding::Json);
/// A subscription has ended without having been asked to.
void append_unsubscribed(std::string& out, Bytes channel, Encoding encoding = Encoding::Json);
void append_closing(std::string& out, const Closing& closing, Encoding encoding = Encoding::Json);

// Of HTTP, so in JSON alone.

/// The answer to a publish.
void append_receipt(std::string& out, const Receipt& receipt);
/// The answer to GET /api/presence.
void append_presence_page(std::string& out, const PresencePage& page);
/// The data of the SSE event `position`.
void append_position_event(std::string& out, const PositionList& positions, bool recovered,
                           bool contiguous);

/// An RFC 9457 problem document. `status` and `title` replace those of the code where HTTP knows
/// a finer one (405, 431, …); 0 and empty keep them.
void append_problem(std::string& out, const Problem& problem, std::uint16_t status = 0,
                    Bytes title = {});

}  // namespace carillon::native
