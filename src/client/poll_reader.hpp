// Reading by request and answer: short polling, long polling, and the latest of the history.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "client/answer.hpp"
#include "client/reader.hpp"

namespace carillon::client {

/// Asks again and again from the position of the answer before. Where a channel's position is not
/// known, the first request is a long poll that does not wait: it says where "now" is.
class PollReader final : public Reader {
 public:
  enum class Mode : std::uint8_t { Short, Long, Latest };

  /// `latest_count`: of Mode::Latest.
  PollReader(net::Reactor& reactor, const ClientOptions& options, const ReadRequest& request,
             Mode mode, ReaderListener& listener, std::size_t latest_count = 0);
  ~PollReader() override;

  void start(native::PositionList after) override;
  void stop() override;

 private:
  HttpRequest next_request() const;
  bool knows_positions() const;
  void ask();
  void on_answer(Result<Answer, Failure> answer);
  void on_page(const Answer& answer);
  bool tell_messages(Bytes body);
  void tell_positions(const native::PositionList& positions, bool gap);
  void on_gone(const Answer& answer);
  void fail(const Failure& failure);

  net::Reactor& reactor_;
  const ClientOptions& options_;
  const ReadRequest& request_;
  Mode mode_;
  ReaderListener& listener_;
  std::size_t latest_count_;
  Requester requester_;
  native::PositionList positions_;
  std::size_t message_count_ = 0;  // in the answer at hand
  net::TimerId pause_;
  bool stopped_ = false;
};

}  // namespace carillon::client
