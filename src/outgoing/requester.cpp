#include "outgoing/requester.hpp"

#include <fmt/format.h>

#include <utility>

namespace carillon::outgoing {

void Requester::send(HttpRequest request, Done done) {
  answer_ = {};
  done_ = std::move(done);
  http_.call(std::move(request));
}

void Requester::cancel() {
  done_ = nullptr;
  http_.close();
}

void Requester::on_http_head(http1::ResponseHead head) {
  answer_.status = head.status;
  answer_.fields = std::move(head.fields);
}

void Requester::on_http_body(Bytes piece) {
  if (piece.size() <= largest_body_ - answer_.body.size()) {
    answer_.body.append(piece);
    return;
  }
  http_.close();
  on_http_failed({.kind = FailureKind::TooLarge,
                  .remedy = Remedy::None,
                  .text = fmt::format("an answer of more than {} bytes", largest_body_)});
}

void Requester::on_http_complete() {
  if (Done done = std::exchange(done_, nullptr)) done(std::move(answer_));
}

void Requester::on_http_failed(const Failure& failure) {
  if (Done done = std::exchange(done_, nullptr)) done(std::unexpected(failure));
}

}  // namespace carillon::outgoing
