// One HTTP/1.1 connection: requests in, answers out, one at a time and in order. It is its own
// Exchange, so that a parked poll costs no second object.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/slot_table.hpp"
#include "net/stream.hpp"
#include "protocol/http1/parser.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/intake.hpp"
#include "transport/common/probe.hpp"
#include "transport/common/worker.hpp"
#include "transport/http1/response_writer.hpp"

namespace carillon::transport {

/// Reads pipelined requests one by one: the next is parsed once the answer to the one before is
/// complete and the peer takes what it gets.
class Http1Connection final : public net::StreamHandler, private Exchange, private Drainable {
 public:
  Http1Connection(Worker& worker, net::Stream& stream);
  ~Http1Connection() override;

  void on_bytes(std::span<char> received) override;
  void on_end_of_input() override;
  void on_drained() override;
  void on_deadline() override;
  void on_closed(net::CloseCause cause) override;

 private:
  // Exchange.
  const Request& request() const override { return incoming_->request; }
  Handle handle() const override { return handle_; }
  void respond(Response response) override;
  void start(ResponseHead head, StreamEnd end) override;
  void write(SharedBytes piece) override;
  void finish() override;
  void abort() override;
  std::size_t outbox_bytes() const override { return stream_.outbox_bytes(); }
  bool congested() const override { return stream_.congested(); }
  void attach(std::unique_ptr<Responder> responder) override;
  Responder* responder() override { return responder_.get(); }
  void set_deadline(std::optional<TimePoint> deadline) override;
  net::Stream* stream() override { return &stream_; }
  net::ByteStream& take_over(ResponseHead head,
                             std::unique_ptr<net::StreamHandler> handler) override;
  std::optional<Handover> hand_over(ResponseHead head) override;

  // Drainable.
  void drain(Duration reconnect_after) override;

  /// A request from its first octet until its answer has begun.
  struct Incoming {
    http1::RequestParser parser;
    http1::RequestHead head;
    Request request;
    Intake intake;

    explicit Incoming(const http1::Limits& limits) : parser(limits) {}
  };

  void consume(Bytes input);
  /// Where the request that is being read stands.
  http1::RequestParser::Phase phase() const;
  /// From the end of a request to the end of its answer.
  bool answering() const { return static_cast<bool>(handle_); }
  bool outbox_is_full() const;
  bool may_parse() const;
  void keep_unread(Bytes input);
  void resume();
  void resume_soon();
  void on_event(const http1::Event& event);
  void on_head();
  std::optional<Response> refusal_of_head();
  void on_request_complete();
  void on_parse_error(http1::ParseError error);
  /// Answers without reading the body, if any: the connection cannot go on after one.
  void refuse(Response response);
  /// Its owner may be the one who calls: it goes once this call stack has ended.
  void forget_request();
  void complete(bool persist);
  void pass_on_unread();
  void watch_phase();
  void hang_up();

  Worker& worker_;
  net::Stream& stream_;
  std::unique_ptr<Incoming> incoming_;  // null between requests, and while an answer is streamed
  std::unique_ptr<Responder> responder_;
  std::string unread_;  // received, not parsed yet
  ResponseWriter writer_;
  Handle handle_;  // empty until the request is complete, and after its answer
  Handle drainable_;
  OpenCount open_;
  std::optional<http1::RequestParser::Phase> timed_phase_;
  bool refused_ : 1 = false;  // answered from the head alone
  bool consuming_ : 1 = false;
  bool resuming_ : 1 = false;
  bool ending_ : 1 = false;  // no further request is read
  bool taken_over_ : 1 = false;
  bool input_ended_ : 1 = false;
};

}  // namespace carillon::transport
