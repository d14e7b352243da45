#include "load/event_streams.hpp"

#include <nghttp2/nghttp2.h>
#include <sys/epoll.h>

#include <array>

namespace carillon::bench {
namespace {

constexpr std::size_t kReceiveBytes = 256 * 1024;
/// No reader here is slow: windows never stand in the way of what is measured.
constexpr std::int32_t kWindowBytes = 16 * 1024 * 1024;

std::string_view text_of(const std::uint8_t* octets, std::size_t size) {
  return {reinterpret_cast<const char*>(octets), size};
}

nghttp2_nv pair_of(std::string_view name, std::string_view value) {
  const auto octets = [](std::string_view text) {
    return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
  };
  return {octets(name), octets(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

}  // namespace

struct EventStreams::Callbacks {
  static EventStreams& of(void* user_data) { return *static_cast<EventStreams*>(user_data); }

  static int on_header(nghttp2_session* /*native*/, const nghttp2_frame* frame,
                       const std::uint8_t* name, std::size_t name_size, const std::uint8_t* value,
                       std::size_t value_size, std::uint8_t /*flags*/, void* user_data) {
    if (text_of(name, name_size) == ":status") {
      of(user_data).on_status(frame->hd.stream_id, text_of(value, value_size));
    }
    return 0;
  }

  static int on_data(nghttp2_session* /*native*/, std::uint8_t /*flags*/, std::int32_t stream,
                     const std::uint8_t* data, std::size_t size, void* user_data) {
    of(user_data).on_data(stream, text_of(data, size));
    return 0;
  }

  static int on_close(nghttp2_session* /*native*/, std::int32_t stream, std::uint32_t code,
                      void* user_data) {
    of(user_data).wire_.fail("stream " + std::to_string(stream) + " has ended, code " +
                             std::to_string(code));
  }

  static const nghttp2_session_callbacks* table() {
    static const nghttp2_session_callbacks* const made = [] {
      nghttp2_session_callbacks* fresh = nullptr;
      nghttp2_session_callbacks_new(&fresh);
      nghttp2_session_callbacks_set_on_header_callback(fresh, on_header);
      nghttp2_session_callbacks_set_on_data_chunk_recv_callback(fresh, on_data);
      nghttp2_session_callbacks_set_on_stream_close_callback(fresh, on_close);
      return fresh;
    }();
    return made;
  }
};

void EventStreams::Delete::operator()(nghttp2_session* session) const {
  nghttp2_session_del(session);
}

EventStreams::EventStreams(Loop& loop, const Options& options, ClientListener& listener,
                           std::size_t first, std::size_t count)
    : loop_(loop),
      options_(options),
      listener_(listener),
      first_(first),
      readers_(count),
      wire_("event streams from " + std::to_string(first), first / count, options.port,
            options.security, Protocol::Http2) {
  loop_.add(wire_.fd(), EPOLLIN | EPOLLOUT, *this);
}

EventStreams::~EventStreams() = default;

void EventStreams::begin() {
  nghttp2_session* made = nullptr;
  nghttp2_session_client_new(&made, Callbacks::table(), this);
  session_.reset(made);
  const nghttp2_settings_entry window = {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kWindowBytes};
  nghttp2_submit_settings(made, NGHTTP2_FLAG_NONE, &window, 1);
  nghttp2_session_set_local_window_size(made, NGHTTP2_FLAG_NONE, 0, kWindowBytes);
  const std::string path = with_channel(options_.dialect.path, options_.channel);
  const std::array<nghttp2_nv, 5> head = {
      {pair_of(":method", "GET"), pair_of(":scheme", "https"), pair_of(":authority", "127.0.0.1"),
       pair_of(":path", path), pair_of("accept", "text/event-stream")}};
  for (std::size_t number = 0; number < readers_.size(); ++number) {
    nghttp2_submit_request(made, nullptr, head.data(), head.size(), nullptr, nullptr);
  }
  flush();
}

void EventStreams::on_events(std::uint32_t events) {
  if (!session_) {
    if (wire_.open()) begin();
    return;
  }
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) receive();
  flush();
}

void EventStreams::receive() {
  static std::array<char, kReceiveBytes> buffer;
  const std::size_t count = wire_.receive(buffer);
  const auto* octets = reinterpret_cast<const std::uint8_t*>(buffer.data());
  if (nghttp2_session_mem_recv(session_.get(), octets, count) < 0) wire_.fail("no HTTP/2");
}

void EventStreams::flush() {
  const std::uint8_t* octets = nullptr;
  for (ssize_t size = 1; size > 0;) {
    size = nghttp2_session_mem_send(session_.get(), &octets);
    if (size > 0) unsent_ += text_of(octets, static_cast<std::size_t>(size));
  }
  if (!unsent_.empty()) unsent_.erase(0, wire_.send(unsent_));
  const bool wants_output = !unsent_.empty();
  if (wants_output == watches_output_) return;
  watches_output_ = wants_output;
  loop_.change(wire_.fd(), wants_output ? EPOLLIN | EPOLLOUT : EPOLLIN, *this);
}

/// Ours have the numbers 1, 3, 5 …
std::size_t EventStreams::reader_of(std::int32_t stream) const {
  const auto number = static_cast<std::size_t>(stream - 1) / 2;
  if (stream < 1 || number >= readers_.size()) wire_.fail("a stream that nobody has asked for");
  return number;
}

void EventStreams::on_status(std::int32_t stream, std::string_view status) const {
  if (status == "200") return;
  wire_.fail("stream " + std::to_string(stream) + " is answered " + std::string(status));
}

void EventStreams::on_data(std::int32_t stream, std::string_view octets) {
  const std::size_t number = reader_of(stream);
  EventLines& lines = readers_[number].lines;
  lines.text() += octets;
  lines.take([&](std::string_view line) { hear(number, line); });
}

void EventStreams::hear(std::size_t number, std::string_view line) {
  Reader& reader = readers_[number];
  if (reader.ready) {
    if (line.starts_with("data:")) listener_.on_text(first_ + number, line);
  } else if (line.find(options_.dialect.ready) != std::string_view::npos) {
    reader.ready = true;
    listener_.on_ready(first_ + number);
  }
}

}  // namespace carillon::bench
