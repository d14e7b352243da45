// Calls whose answers are read as a whole.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "net/reactor.hpp"
#include "outgoing/failure.hpp"
#include "outgoing/http_client.hpp"
#include "protocol/http1/fields.hpp"

namespace carillon::outgoing {

struct Answer {
  int status = 0;
  http1::Fields fields = {};
  std::string body = {};
};

/// One call after the other, over one connection as long as the server keeps it.
/// Thread, Lifetime: as of `HttpClient`.
class Requester final : private HttpListener {
 public:
  using Done = std::move_only_function<void(Result<Answer, Failure>)>;

  /// Units: `largest_body` in octets.
  Requester(net::Reactor& reactor, const CallOptions& options, std::size_t largest_body)
      : http_(reactor, options, *this), largest_body_(largest_body) {}

  /// `done` is called once, never within this call; it may send the next request.
  void send(HttpRequest request, Done done);
  /// No callback afterwards.
  void cancel();
  /// Whether anything of an answer to the last call has come.
  bool has_begun() const { return answer_.status != 0; }
  /// Whether the next call goes over a connection that is there already.
  bool is_connected() { return http_.is_connected(); }

 private:
  void on_http_head(http1::ResponseHead head) override;
  void on_http_body(Bytes piece) override;
  void on_http_complete() override;
  void on_http_failed(const Failure& failure) override;

  HttpClient http_;
  std::size_t largest_body_;
  Answer answer_;
  Done done_;
};

}  // namespace carillon::outgoing
