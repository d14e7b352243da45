// Reading an event stream.
#pragma once

#include <optional>
#include <string>

#include "client/answer.hpp"
#include "client/reader.hpp"
#include "outgoing/http_client.hpp"
#include "protocol/sse/parser.hpp"

namespace carillon::client {

class SseReader final : public Reader, private HttpListener {
 public:
  SseReader(net::Reactor& reactor, const ClientOptions& options, const ReadRequest& request,
            ReaderListener& listener);

  void start(native::PositionList after) override;
  void stop() override;

 private:
  void on_http_head(http1::ResponseHead head) override;
  void on_http_body(Bytes piece) override;
  void on_http_complete() override;
  void on_http_failed(const Failure& failure) override;

  void on_event(const sse::Event& event);
  void on_named_event(const std::string& name, const ServerObject& object);
  void tell_positions(Bytes id);
  void fail(const Failure& failure);

  net::Reactor& reactor_;
  const ReadRequest& request_;
  ReaderListener& listener_;
  HttpClient http_;
  sse::Parser parser_;
  std::optional<Answer> refusal_;  // an answer that is no event stream, as it comes in
  bool stopped_ = false;
};

}  // namespace carillon::client
