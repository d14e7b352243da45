// One stream of an HTTP/2 connection: a request and its answer, or the tunnel that it becomes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "core/slot_table.hpp"
#include "net/timer_wheel.hpp"
#include "protocol/http2/session.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/intake.hpp"
#include "transport/http2/tunnel.hpp"

namespace carillon::transport {

class Http2Connection;

/// Lifetime: from its head to the end of its stream; owned by the connection.
class Http2Exchange final : public Exchange, private net::TimerNode {
 public:
  Http2Exchange(Http2Connection& connection, http2::StreamId id);
  ~Http2Exchange() override;
  Http2Exchange(const Http2Exchange&) = delete;
  Http2Exchange& operator=(const Http2Exchange&) = delete;

  // What the connection tells.

  void on_head(http2::RequestHead head);
  void on_body(std::string bytes);
  void on_request_end();
  void on_drained();
  void on_shutdown(Duration reconnect_after);
  /// Nothing more comes or goes.
  void on_closed(net::CloseCause cause);
  void catch_up();
  /// Once each time limit for writing: whether nothing of what waits was taken since the last call.
  bool stands_still();

  // Exchange.
  const Request& request() const override { return incoming_->request; }
  Handle handle() const override { return handle_; }
  void respond(Response response) override;
  void start(ResponseHead head, StreamEnd end) override;
  void write(SharedBytes piece) override;
  void finish() override;
  void abort() override;
  std::size_t outbox_bytes() const override;
  bool congested() const override;
  void attach(std::unique_ptr<Responder> responder) override { responder_ = std::move(responder); }
  Responder* responder() override { return responder_.get(); }
  void set_deadline(std::optional<TimePoint> deadline) override;
  net::ByteStream& take_over(ResponseHead head,
                             std::unique_ptr<net::StreamHandler> handler) override;

 private:
  void add_fields();
  /// A request from its head until its answer has begun.
  struct Incoming {
    http2::RequestHead head;
    std::string target;  // in the form of HTTP/1.1
    http1::Fields fields;
    Request request;
    Intake intake;
  };
  enum class State : std::uint8_t {
    Reading,    // the request is not whole
    Answering,  // a handler has it
    Answered,   // what waits is sent; whatever comes is thrown away
  };

  void on_time() override;
  std::optional<Response> refusal_of_head();
  std::optional<Response> refusal_of_size() const;
  bool read_authority();
  void run();
  void refuse(Response response);
  void send_whole(Response response);
  void send_head(const ResponseHead& head, std::optional<std::size_t> content_length,
                 http2::AnswerBody body);
  void leave_table();
  void complete();
  void forget_request();

  Http2Connection& connection_;
  http2::StreamId id_;
  std::unique_ptr<Incoming> incoming_;  // null while an answer is streamed, and afterwards
  std::unique_ptr<Responder> responder_;
  std::unique_ptr<Http2Tunnel> tunnel_;
  std::string early_;           // octets for a tunnel that is not there yet
  std::size_t held_bytes_ = 0;  // of the connection's room for bodies
  std::uint64_t sent_before_ = std::numeric_limits<std::uint64_t>::max();
  Handle handle_;  // empty until the request is complete, and after its answer
  State state_ = State::Reading;
  bool is_head_request_ = false;
  bool has_body_ = false;  // of a streamed answer
  bool request_ended_ = false;
};

}  // namespace carillon::transport
