#include "protocol/http2/session_callbacks.hpp"

#include <nghttp2/nghttp2.h>

#include <utility>

#include "core/check.hpp"

namespace carillon::http2 {

struct SessionCallbacks::Access {
  static Session& of(void* user_data) { return *static_cast<Session*>(user_data); }

  static int on_begin_headers(nghttp2_session* /*native*/, const nghttp2_frame* frame,
                              void* user_data) {
    if (frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
      of(user_data).streams_.try_emplace(frame->hd.stream_id);
    }
    return 0;
  }

  static int on_header(nghttp2_session* /*native*/, const nghttp2_frame* frame,
                       const std::uint8_t* name_octets, std::size_t name_size,
                       const std::uint8_t* value_octets, std::size_t value_size,
                       std::uint8_t /*flags*/, void* user_data) {
    Session& session = of(user_data);
    Session::Stream* stream = session.find(frame->hd.stream_id);
    if (stream == nullptr || stream->head_told) return 0;  // trailers tell nothing
    constexpr std::size_t kOverhead = 32;                  // RFC 9113 §6.5.2
    stream->header_bytes += name_size + value_size + kOverhead;
    if (stream->header_bytes > session.settings_.header_bytes) {
      stream->head.is_too_large = true;
      return 0;
    }
    const Bytes name(reinterpret_cast<const char*>(name_octets), name_size);
    const Bytes value(reinterpret_cast<const char*>(value_octets), value_size);
    if (std::string* place = pseudo_field(stream->head, name)) {
      *place = value;
    } else {
      stream->head.fields.push_back({.name = std::string(name), .value = std::string(value)});
    }
    return 0;
  }

  static std::string* pseudo_field(RequestHead& head, Bytes name) {
    if (name == ":method") return &head.method;
    if (name == ":scheme") return &head.scheme;
    if (name == ":authority") return &head.authority;
    if (name == ":path") return &head.path;
    if (name == ":protocol") return &head.protocol;
    return nullptr;
  }

  /// Left alone, nghttp2 drops a field with forbidden octets and takes the request; RFC 9113 §8.2.1
  /// has it malformed.
  static int on_invalid_header(nghttp2_session* native, const nghttp2_frame* frame,
                               const std::uint8_t* /*name*/, std::size_t /*name_size*/,
                               const std::uint8_t* /*value*/, std::size_t /*value_size*/,
                               std::uint8_t /*flags*/, void* /*user_data*/) {
    nghttp2_submit_rst_stream(native, NGHTTP2_FLAG_NONE, frame->hd.stream_id,
                              NGHTTP2_PROTOCOL_ERROR);
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }

  static int on_data(nghttp2_session* native, std::uint8_t /*flags*/, std::int32_t id,
                     const std::uint8_t* data, std::size_t size, void* user_data) {
    Session& session = of(user_data);
    nghttp2_session_consume_connection(native, size);
    if (session.find(id) == nullptr) return 0;
    session.events_.push_back(
        BodyReceived{.stream = id, .bytes = {reinterpret_cast<const char*>(data), size}});
    return 0;
  }

  static int on_frame(nghttp2_session* /*native*/, const nghttp2_frame* frame, void* user_data) {
    Session& session = of(user_data);
    const std::int32_t id = frame->hd.stream_id;
    const std::uint8_t type = frame->hd.type;
    if (type == NGHTTP2_WINDOW_UPDATE) on_window_update(session, *frame);
    if (type != NGHTTP2_HEADERS && type != NGHTTP2_DATA) return 0;
    Session::Stream* stream = session.find(id);
    if (stream == nullptr) return 0;
    if (type == NGHTTP2_HEADERS && !std::exchange(stream->head_told, true)) {
      session.events_.push_back(HeadReceived{.stream = id, .head = std::move(stream->head)});
    }
    if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
      stream->request_ended = true;
      session.ids_.end_by_peer(static_cast<std::uint32_t>(id));
      session.events_.push_back(RequestEnded{.stream = id});
    }
    return 0;
  }

  static void on_window_update(Session& session, const nghttp2_frame& frame) {
    const auto increment = static_cast<std::uint32_t>(frame.window_update.window_size_increment);
    if (increment >= limits::kTinyUpdateBytes) return;
    if (!session.control_frames_.take(session.now_)) session.found_ = ConnectionError::ControlFlood;
  }

  static int on_frame_sent(nghttp2_session* native, const nghttp2_frame* frame, void* user_data) {
    Session& session = of(user_data);
    if (frame->hd.type == NGHTTP2_DATA && frame->hd.length > 0) on_data_sent(session, *frame);
    if (ends_stream(*frame)) on_answer_sent(session, native, frame->hd.stream_id);
    const bool is_verdict =
        frame->hd.type == NGHTTP2_GOAWAY && frame->goaway.error_code != NGHTTP2_NO_ERROR;
    if (is_verdict && !session.error_) session.error_ = ConnectionError::BrokenRules;
    if (frame->hd.type == NGHTTP2_RST_STREAM) on_reset_sent(session, frame->hd.stream_id);
    return 0;
  }

  /// An honest peer answers it with two window updates, the stream's and the connection's, however
  /// small it was; who opens a window by dribs leaves octets behind each time.
  static void on_data_sent(Session& session, const nghttp2_frame& frame) {
    const Session::Stream* stream = session.find(frame.hd.stream_id);
    const bool took_all = stream != nullptr && stream->outbox.byte_count() == 0;
    if (!took_all && frame.hd.length < limits::kTinyUpdateBytes) return;
    session.control_frames_.give_back();
    session.control_frames_.give_back();
  }

  static bool ends_stream(const nghttp2_frame& frame) {
    return (frame.hd.type == NGHTTP2_DATA || frame.hd.type == NGHTTP2_HEADERS) &&
           (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  }

  /// What is still to come of the request is wanted no more.
  static void on_answer_sent(Session& session, nghttp2_session* native, std::int32_t id) {
    Session::Stream* stream = session.find(id);
    if (stream == nullptr || stream->request_ended || stream->is_tunnel) return;
    stream->reset_by_owner = true;
    nghttp2_submit_rst_stream(native, NGHTTP2_FLAG_NONE, id, NGHTTP2_NO_ERROR);
  }

  /// Its answer is a reset, or a GOAWAY, which waits until the peer reads.
  static int on_invalid_frame(nghttp2_session* /*native*/, const nghttp2_frame* frame,
                              int /*library_error*/, void* user_data) {
    Session& session = of(user_data);
    if (Session::Stream* stream = session.find(frame->hd.stream_id)) {
      stream->is_offence = true;
    } else if (frame->hd.type == NGHTTP2_HEADERS) {
      return 0;  // counted when it came
    }
    take_reset(session);
    return 0;
  }

  /// Whoever makes us reset streams floods us as well as who resets them.
  static void on_reset_sent(Session& session, std::int32_t id) {
    const Session::Stream* stream = session.find(id);
    if (stream == nullptr || stream->reset_by_owner || stream->is_offence) return;
    take_reset(session);
  }

  static void take_reset(Session& session) {
    if (!session.resets_.take(session.now_)) session.found_ = ConnectionError::ResetFlood;
  }

  static int on_stream_close(nghttp2_session* /*native*/, std::int32_t id, std::uint32_t code,
                             void* user_data) {
    Session& session = of(user_data);
    const Session::Stream* stream = session.find(id);
    if (stream == nullptr) return 0;
    const bool was_told = stream->head_told;
    session.streams_.erase(id);
    if (was_told) {
      session.events_.push_back(StreamEnded{.stream = id, .code = static_cast<ErrorCode>(code)});
    }
    return 0;
  }
};

const nghttp2_session_callbacks* SessionCallbacks::table() {
  static const nghttp2_session_callbacks* const made = [] {
    nghttp2_session_callbacks* callbacks = nullptr;
    CARILLON_CHECK(nghttp2_session_callbacks_new(&callbacks) == 0);
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, Access::on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, Access::on_header);
    nghttp2_session_callbacks_set_on_invalid_header_callback(callbacks, Access::on_invalid_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, Access::on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, Access::on_frame);
    nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks,
                                                                 Access::on_invalid_frame);
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, Access::on_frame_sent);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, Access::on_stream_close);
    return callbacks;
  }();
  return made;
}

}  // namespace carillon::http2
