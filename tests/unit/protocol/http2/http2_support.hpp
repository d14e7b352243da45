// What the tests of HTTP/2 share: nghttp2 as the client, and frames written by hand.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/http2/frame_header.hpp"
#include "protocol/http2/session.hpp"

namespace carillon::http2::test {

inline std::string frame(FrameType type, std::uint8_t flags, std::uint32_t stream, Bytes payload) {
  std::string out;
  const auto append = [&out](std::uint32_t value, int octets) {
    for (int shift = (octets - 1) * 8; shift >= 0; shift -= 8) {
      out += static_cast<char>(value >> shift & 0xff);
    }
  };
  append(static_cast<std::uint32_t>(payload.size()), 3);
  append(static_cast<std::uint32_t>(type), 1);
  append(flags, 1);
  append(stream, 4);
  return out.append(payload);
}

/// How a client begins that says nothing special.
inline std::string opening() {
  return std::string(kPreface) + frame(FrameType::Settings, 0, 0, "");
}

/// `GET / http a` in HPACK, out of its static table.
inline constexpr Bytes kGet =
    "\x82\x86\x84\x41\x01"
    "a";

inline std::string get(std::uint32_t stream) {
  return frame(FrameType::Headers, kEndHeaders | kEndStream, stream, kGet);
}

struct Answer {
  std::map<std::string, std::string> fields;
  std::string body;
  bool ended = false;
  std::optional<std::uint32_t> closed;  // with which code
};

class Client {
 public:
  /// `window_bytes`: of each stream; 0: the protocol's default.
  explicit Client(std::uint32_t window_bytes = 0) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_option* options = nullptr;
    nghttp2_option_new(&options);
    nghttp2_option_set_no_auto_window_update(options, 1);
    nghttp2_session_client_new2(&session_, callbacks, this, options);
    nghttp2_option_del(options);
    nghttp2_session_callbacks_del(callbacks);
    const nghttp2_settings_entry entry{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, window_bytes};
    nghttp2_submit_settings(session_, 0, &entry, window_bytes > 0 ? 1 : 0);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { nghttp2_session_del(session_); }

  nghttp2_session* native() { return session_; }

  std::int32_t request(const std::vector<Field>& fields,
                       const std::optional<std::string>& body = std::nullopt) {
    std::vector<nghttp2_nv> pairs;
    for (const Field& field : fields) {
      pairs.push_back({octets(field.name), octets(field.value), field.name.size(),
                       field.value.size(), NGHTTP2_NV_FLAG_NONE});
    }
    if (!body) {
      return nghttp2_submit_request(session_, nullptr, pairs.data(), pairs.size(), nullptr,
                                    nullptr);
    }
    bodies_.push_back(std::make_unique<Bytes>(
        kept_.emplace_back(std::make_unique<std::string>(*body))->data(), body->size()));
    const nghttp2_data_provider provider{.source = {.ptr = bodies_.back().get()},
                                         .read_callback = read_body};
    return nghttp2_submit_request(session_, nullptr, pairs.data(), pairs.size(), &provider,
                                  nullptr);
  }
  std::int32_t get(const std::string& path) {
    return request(
        {{":method", "GET"}, {":scheme", "https"}, {":authority", "a.b"}, {":path", path}});
  }

  std::string take_output() {
    std::string out;
    const std::uint8_t* data = nullptr;
    for (ssize_t size = 0; (size = nghttp2_session_mem_send(session_, &data)) > 0;) {
      out.append(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
    }
    return out;
  }
  bool receive(Bytes octets) {
    return nghttp2_session_mem_recv(session_, reinterpret_cast<const std::uint8_t*>(octets.data()),
                                    octets.size()) >= 0;
  }
  void open_window(std::int32_t stream, std::size_t bytes) {
    nghttp2_session_consume(session_, stream, bytes);
  }

  std::map<std::int32_t, Answer> answers;
  std::optional<std::uint32_t> goodbye;  // the code of the server's GOAWAY
  std::int32_t last_stream = -1;

 private:
  static std::uint8_t* octets(const std::string& text) {
    return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
  }
  static Client& of(void* user_data) { return *static_cast<Client*>(user_data); }
  static ssize_t read_body(nghttp2_session*, std::int32_t, std::uint8_t* room, std::size_t size,
                           std::uint32_t* flags, nghttp2_data_source* source, void*) {
    auto& rest = *static_cast<Bytes*>(source->ptr);
    const std::size_t count = rest.copy(reinterpret_cast<char*>(room), size);
    rest.remove_prefix(count);
    if (rest.empty()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(count);
  }
  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                       std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                       std::uint8_t, void* user_data) {
    of(user_data)
        .answers[frame->hd.stream_id]
        .fields[{reinterpret_cast<const char*>(name), name_size}] =
        std::string(reinterpret_cast<const char*>(value), value_size);
    return 0;
  }
  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* data,
                     std::size_t size, void* user_data) {
    of(user_data).answers[id].body.append(reinterpret_cast<const char*>(data), size);
    return 0;
  }
  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user_data) {
    Client& client = of(user_data);
    if (frame->hd.type == NGHTTP2_GOAWAY) {
      client.goodbye = frame->goaway.error_code;
      client.last_stream = frame->goaway.last_stream_id;
    }
    const bool carries = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
    if (carries && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
      client.answers[frame->hd.stream_id].ended = true;
    }
    return 0;
  }
  static int on_close(nghttp2_session*, std::int32_t id, std::uint32_t code, void* user_data) {
    of(user_data).answers[id].closed = code;
    return 0;
  }

  nghttp2_session* session_ = nullptr;
  std::vector<std::unique_ptr<std::string>> kept_;
  std::vector<std::unique_ptr<Bytes>> bodies_;
};

}  // namespace carillon::http2::test
