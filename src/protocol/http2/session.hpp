// The server's side of one HTTP/2 connection (RFC 9113), over nghttp2: octets in, requests and the
// ends of streams out; answers in, octets out. No socket and no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "core/shared_bytes.hpp"
#include "core/time.hpp"
#include "protocol/http2/allowance.hpp"
#include "protocol/http2/error.hpp"
#include "protocol/http2/frame_header.hpp"
#include "protocol/http2/limits.hpp"
#include "protocol/http2/stream_ids.hpp"
#include "protocol/http2/stream_outbox.hpp"

struct nghttp2_session;

namespace carillon::http2 {

using StreamId = std::int32_t;

struct Field {
  std::string name;  // in lower case
  std::string value;
  bool operator==(const Field&) const = default;
};

/// A request's header section, valid as RFC 9113 §8 has it.
struct RequestHead {
  std::string method;
  std::string scheme;
  std::string authority;  // empty: none was sent
  std::string path;       // with its query; empty for CONNECT
  std::string protocol;   // of an extended CONNECT (RFC 8441 §4)
  std::vector<Field> fields;
  bool is_too_large = false;  // what is beyond `Settings::header_bytes` is left out: 431
};

// What happened, in order.

struct HeadReceived {
  StreamId stream = 0;
  RequestHead head;
};
struct BodyReceived {
  StreamId stream = 0;
  std::string bytes;  // the stream's window stays closed by as many until consume()
};
struct RequestEnded {
  StreamId stream = 0;
};
/// The outbox of a stream is empty after it could not be sent at once.
struct StreamDrained {
  StreamId stream = 0;
};
/// Nothing more comes or goes on it. `code`: how it ended; NoError after a whole answer.
struct StreamEnded {
  StreamId stream = 0;
  ErrorCode code = ErrorCode::NoError;
};
using Event = std::variant<HeadReceived, BodyReceived, RequestEnded, StreamDrained, StreamEnded>;

enum class ExtendedConnect : std::uint8_t { Off, On };
/// Tunnel: of a 2xx to an extended CONNECT, where both sides go on by themselves.
enum class AnswerBody : std::uint8_t { None, Follows, Tunnel };

struct Settings {
  std::uint32_t streams = limits::kStreams;
  std::size_t header_bytes = limits::kHeaderBytes;
  ExtendedConnect extended_connect = ExtendedConnect::Off;
};

/// After an error only produce() has a meaning: it gives the GOAWAY that tells the peer why.
class Session {
 public:
  explicit Session(const Settings& settings);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  /// Takes all of `received`, in pieces of any size, from the preface on.
  /// Errors: why the connection is over; the first one is final. `BrokenRules` is known once
  ///         produce() has given the GOAWAY that nghttp2 made of it.
  Result<void, ConnectionError> on_bytes(Bytes received, TimePoint now);
  std::optional<ConnectionError> error() const { return error_; }
  /// The next thing that happened; drain it after every call of on_bytes() and produce().
  std::optional<Event> poll();

  /// Appends what the peer must get, about `most_bytes` at most, so that what waits stays in the
  /// streams' outboxes. Flow control is respected. Returns whether anything was appended.
  bool produce(std::string& out, std::size_t most_bytes);
  bool has_output() const;
  /// Nothing more can be said or heard.
  bool is_over() const;
  /// Whether the preface or a header section has begun to come and is not whole: for a time limit.
  bool awaits_head() const { return walk_.awaits_head(); }

  // One stream. Quiet where it has ended.

  /// A header section with its status; `fields` without those that HTTP/2 has no use for
  /// (RFC 9113 §8.2.2). A 1xx may come before. An answer that is whole before its request ends the
  /// stream (§8.1), but for a tunnel.
  void respond(StreamId stream, int status, std::span<const Field> fields, AnswerBody body);
  void send(StreamId stream, SharedBytes piece);
  /// The same with a copy; small pieces that follow each other become one.
  void send(StreamId stream, Bytes piece);
  /// The answer is whole once its outbox is empty.
  void finish(StreamId stream);
  void reset(StreamId stream, ErrorCode code);
  /// The owner has done with so many octets of the request's body: more may come.
  void consume(StreamId stream, std::size_t bytes);
  /// Octets that wait for the peer's window, or for produce().
  std::size_t outbox_bytes(StreamId stream) const;
  /// Octets that have left its outbox since the beginning.
  std::uint64_t sent_bytes(StreamId stream) const;
  /// Whether the last produce() left some of them behind: for the peer's window, or for its bound.
  bool congested(StreamId stream) const;
  /// The same of any.
  bool any_congested() const { return any_congested_; }
  std::size_t open_streams() const { return streams_.size(); }

  /// GOAWAY with the last stream that is served: those open are, newer ones are not.
  void go_away();

 private:
  friend struct SessionCallbacks;

  struct Stream {
    RequestHead head;
    std::size_t header_bytes = 0;
    bool head_told = false;
    bool request_ended = false;
    bool is_tunnel = false;
    bool is_offence = false;  // we reset it, and that is counted already
    bool answered = false;
    bool congested = false;
    bool reset_by_owner = false;
    StreamOutbox outbox;
  };
  struct Delete {
    void operator()(nghttp2_session* session) const;
  };

  Stream* find(StreamId stream);
  const Stream* find(StreamId stream) const;
  std::optional<ConnectionError> judge(const FrameHeader& header, TimePoint now);
  std::optional<ConnectionError> judge_headers(const FrameHeader& header, TimePoint now);
  bool speaks_after_end(const FrameHeader& header) const;
  std::optional<ConnectionError> feed(Bytes octets);
  std::unexpected<ConnectionError> fail(ConnectionError error);

  Settings settings_;
  std::unique_ptr<nghttp2_session, Delete> native_;
  FrameWalk walk_;
  StreamIds ids_;
  Allowance resets_{limits::kResets, limits::kResetsPerSecond};
  Allowance control_frames_{limits::kControlFrames, limits::kControlFramesPerSecond};
  std::size_t continuations_ = 0;
  std::optional<ConnectionError> error_;
  std::optional<ConnectionError> found_;  // in a callback, to be told by feed()
  TimePoint now_;
  bool any_congested_ = false;
  std::unordered_map<StreamId, Stream> streams_;
  std::deque<Event> events_;
};

}  // namespace carillon::http2
