#include "protocol/http2/session.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/check.hpp"
#include "protocol/http2/session_callbacks.hpp"

namespace carillon::http2 {
namespace {

struct DeleteOptions {
  void operator()(nghttp2_option* options) const { nghttp2_option_del(options); }
};

std::unique_ptr<nghttp2_option, DeleteOptions> make_options() {
  nghttp2_option* made = nullptr;
  CARILLON_CHECK(nghttp2_option_new(&made) == 0);
  std::unique_ptr<nghttp2_option, DeleteOptions> options(made);
  nghttp2_option_set_no_auto_window_update(made, 1);
  nghttp2_option_set_no_closed_streams(made, 1);
  nghttp2_option_set_max_outbound_ack(made, limits::kWaitingAnswers);
  nghttp2_option_set_max_deflate_dynamic_table_size(made, limits::kHeaderTableBytes);
  return options;
}

/// nghttp2 copies it unless told otherwise.
nghttp2_nv pair_of(Bytes name, Bytes value) {
  const auto octets = [](Bytes text) {
    return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
  };
  return {.name = octets(name),
          .value = octets(value),
          .namelen = name.size(),
          .valuelen = value.size(),
          .flags = NGHTTP2_NV_FLAG_NONE};
}

ConnectionError error_of(ssize_t result) {
  if (result == NGHTTP2_ERR_BAD_CLIENT_MAGIC) return ConnectionError::WrongPreface;
  if (result == NGHTTP2_ERR_FLOODED) return ConnectionError::Unread;
  if (result == NGHTTP2_ERR_TOO_MANY_CONTINUATIONS) return ConnectionError::ContinuationFlood;
  return ConnectionError::BrokenRules;
}

}  // namespace

void Session::Delete::operator()(nghttp2_session* session) const {
  nghttp2_session_del(session);
}

Session::Session(const Settings& settings) : settings_(settings) {
  nghttp2_session* made = nullptr;
  CARILLON_CHECK(nghttp2_session_server_new2(&made, SessionCallbacks::table(), this,
                                             make_options().get()) == 0);
  native_.reset(made);
  const std::array<nghttp2_settings_entry, 4> entries = {{
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, settings.streams},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, limits::kStreamWindowBytes},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<std::uint32_t>(settings.header_bytes)},
      {NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL,
       settings.extended_connect == ExtendedConnect::On ? 1U : 0U},
  }};
  CARILLON_CHECK(nghttp2_submit_settings(made, NGHTTP2_FLAG_NONE, entries.data(), entries.size()) ==
                 0);
  CARILLON_CHECK(nghttp2_session_set_local_window_size(made, NGHTTP2_FLAG_NONE, 0,
                                                       limits::kConnectionWindowBytes) == 0);
}

Session::~Session() = default;

Session::Stream* Session::find(StreamId stream) {
  const auto found = streams_.find(stream);
  return found == streams_.end() ? nullptr : &found->second;
}

const Session::Stream* Session::find(StreamId stream) const {
  const auto found = streams_.find(stream);
  return found == streams_.end() ? nullptr : &found->second;
}

// --- Octets in ----------------------------------------------------------------------------------

Result<void, ConnectionError> Session::on_bytes(Bytes received, TimePoint now) {
  if (error_) return std::unexpected(*error_);
  if (found_) return fail(*found_);
  now_ = now;
  while (!received.empty()) {
    const FrameWalk::Step step = walk_.next(received);
    if (step.header) {
      if (const auto error = judge(*step.header, now)) return fail(*error);
    }
    if (const auto error = feed(received.substr(0, step.bytes))) return fail(*error);
    received.remove_prefix(step.bytes);
  }
  return {};
}

std::optional<ConnectionError> Session::feed(Bytes octets) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(octets.data());
  const ssize_t result = nghttp2_session_mem_recv(native_.get(), data, octets.size());
  if (result < 0) return error_of(result);
  return found_;
}

std::optional<ConnectionError> Session::judge(const FrameHeader& header, TimePoint now) {
  if (header.type != FrameType::Continuation) continuations_ = 0;
  bool carries_nothing = false;
  switch (header.type) {
    case FrameType::Headers:
      return judge_headers(header, now);
    case FrameType::Continuation:
      if (++continuations_ > limits::kContinuations) return ConnectionError::ContinuationFlood;
      carries_nothing = header.payload_bytes == 0;
      break;
    case FrameType::ResetStream:
      if (!resets_.take(now)) return ConnectionError::ResetFlood;
      ids_.end_by_peer(header.stream);
      break;
    case FrameType::Data:
      if (speaks_after_end(header)) return ConnectionError::ClosedStream;
      carries_nothing = header.payload_bytes == 0 && !header.has(kEndStream);
      break;
    case FrameType::WindowUpdate:
      break;  // judged by what it gives
    default:
      carries_nothing = true;
      break;
  }
  if (carries_nothing && !control_frames_.take(now)) return ConnectionError::ControlFlood;
  return std::nullopt;
}

/// nghttp2 passes over frames for streams that have gone.
bool Session::speaks_after_end(const FrameHeader& header) const {
  return find(static_cast<StreamId>(header.stream)) == nullptr && ids_.ended_by_peer(header.stream);
}

/// nghttp2 passes over HEADERS for a stream of a lower number that was never opened.
std::optional<ConnectionError> Session::judge_headers(const FrameHeader& header, TimePoint now) {
  if (!ids_.may_have_headers(header.stream)) return ConnectionError::UnexpectedStream;
  if (speaks_after_end(header)) return ConnectionError::ClosedStream;
  // nghttp2 refuses it, and its RST_STREAM waits for a peer that may read nothing.
  const bool is_refused = header.stream > ids_.highest() && streams_.size() >= settings_.streams;
  if (is_refused && !resets_.take(now)) return ConnectionError::ResetFlood;
  ids_.use(header.stream);
  return std::nullopt;
}

std::unexpected<ConnectionError> Session::fail(ConnectionError error) {
  error_ = error;
  // Quiet where nghttp2 has its own GOAWAY under way.
  nghttp2_session_terminate_session(native_.get(), static_cast<std::uint32_t>(code_of(error)));
  return std::unexpected(error);
}

std::optional<Event> Session::poll() {
  if (events_.empty()) return std::nullopt;
  Event event = std::move(events_.front());
  events_.pop_front();
  return event;
}

// --- Octets out ---------------------------------------------------------------------------------

bool Session::produce(std::string& out, std::size_t most_bytes) {
  const std::size_t before = out.size();
  while (out.size() - before < most_bytes) {
    const std::uint8_t* data = nullptr;
    const ssize_t size = nghttp2_session_mem_send(native_.get(), &data);
    if (size <= 0) break;
    out.append(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
  }
  any_congested_ = false;
  for (auto& [id, stream] : streams_) {
    const bool waits = stream.outbox.byte_count() > 0;
    if (stream.congested && !waits) events_.push_back(StreamDrained{.stream = id});
    stream.congested = waits;
    any_congested_ = any_congested_ || waits;
  }
  return out.size() > before;
}

bool Session::has_output() const {
  return nghttp2_session_want_write(native_.get()) != 0;
}

bool Session::is_over() const {
  return nghttp2_session_want_read(native_.get()) == 0 && !has_output();
}

// --- One stream ---------------------------------------------------------------------------------

namespace {

/// Octets of a stream's outbox on their way into a DATA frame.
ssize_t read_outbox(nghttp2_session* /*native*/, std::int32_t /*id*/, std::uint8_t* room,
                    std::size_t size, std::uint32_t* flags, nghttp2_data_source* source,
                    void* /*user_data*/) {
  auto& outbox = *static_cast<StreamOutbox*>(source->ptr);
  const std::size_t count = outbox.take({reinterpret_cast<char*>(room), size});
  if (outbox.done()) *flags |= NGHTTP2_DATA_FLAG_EOF;
  if (count == 0 && !outbox.done()) return NGHTTP2_ERR_DEFERRED;
  return static_cast<ssize_t>(count);
}

}  // namespace

void Session::respond(StreamId id, int status, std::span<const Field> fields, AnswerBody body) {
  Stream* stream = find(id);
  if (stream == nullptr || stream->answered) return;
  const std::string status_text = std::to_string(status);
  std::vector<nghttp2_nv> pairs = {pair_of(":status", status_text)};
  for (const Field& field : fields) pairs.push_back(pair_of(field.name, field.value));
  if (status < 200) {
    nghttp2_submit_headers(native_.get(), NGHTTP2_FLAG_NONE, id, nullptr, pairs.data(),
                           pairs.size(), nullptr);
    return;
  }
  stream->answered = true;
  stream->is_tunnel = body == AnswerBody::Tunnel;
  const nghttp2_data_provider provider{.source = {.ptr = &stream->outbox},
                                       .read_callback = read_outbox};
  nghttp2_submit_response(native_.get(), id, pairs.data(), pairs.size(),
                          body == AnswerBody::None ? nullptr : &provider);
}

void Session::send(StreamId id, SharedBytes piece) {
  Stream* stream = find(id);
  if (stream == nullptr || stream->outbox.finished() || piece.empty()) return;
  stream->outbox.append(std::move(piece));
  nghttp2_session_resume_data(native_.get(), id);
}

void Session::send(StreamId id, Bytes piece) {
  Stream* stream = find(id);
  if (stream == nullptr || stream->outbox.finished() || piece.empty()) return;
  stream->outbox.append(piece);
  nghttp2_session_resume_data(native_.get(), id);
}

void Session::finish(StreamId id) {
  Stream* stream = find(id);
  if (stream == nullptr || stream->outbox.finished()) return;
  stream->outbox.finish();
  nghttp2_session_resume_data(native_.get(), id);
}

void Session::reset(StreamId id, ErrorCode code) {
  Stream* stream = find(id);
  if (stream == nullptr) return;
  stream->reset_by_owner = true;
  nghttp2_submit_rst_stream(native_.get(), NGHTTP2_FLAG_NONE, id, static_cast<std::uint32_t>(code));
}

void Session::consume(StreamId id, std::size_t bytes) {
  if (find(id) != nullptr) nghttp2_session_consume_stream(native_.get(), id, bytes);
}

std::size_t Session::outbox_bytes(StreamId id) const {
  const Stream* stream = find(id);
  return stream == nullptr ? 0 : stream->outbox.byte_count();
}

std::uint64_t Session::sent_bytes(StreamId id) const {
  const Stream* stream = find(id);
  return stream == nullptr ? 0 : stream->outbox.taken_bytes();
}

bool Session::congested(StreamId id) const {
  const Stream* stream = find(id);
  return stream != nullptr && stream->congested;
}

void Session::go_away() {
  const std::int32_t last = nghttp2_session_get_last_proc_stream_id(native_.get());
  nghttp2_submit_goaway(native_.get(), NGHTTP2_FLAG_NONE, last, NGHTTP2_NO_ERROR, nullptr, 0);
}

}  // namespace carillon::http2
