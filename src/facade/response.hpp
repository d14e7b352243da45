// One HTTP exchange whose answer is the application's.
#pragma once

#include <functional>
#include <string_view>

#include "carillon/request.hpp"
#include "carillon/response.hpp"
#include "facade/core.hpp"
#include "transport/common/exchange.hpp"

namespace carillon::facade {

using RequestHandler = std::function<void(const Request&, Response&)>;

/// Lifetime: owned by its exchange.
class ApplicationResponse final : public Response, public transport::Responder {
 public:
  ApplicationResponse(Local& local, transport::Exchange& exchange, const RouteOptions& options);
  ~ApplicationResponse() override;

  /// Lets the application answer, and waits if it does not at once.
  void serve(const RequestHandler& handler);

  // Response.
  ResponseId id() const override { return local_.id_of<Response>(handle_); }
  bool is_open() const override { return open_; }
  Response& set_status(int status) override;
  Response& set_header(std::string_view name, std::string_view value) override;
  void send(std::string_view body) override;
  bool write(std::string_view piece) override;
  void finish() override;
  void abort() override;
  std::size_t buffered_bytes() const override;
  void on_drain(std::function<void(Response&)> handler) override;
  void on_close(std::function<void()> handler) override;
  void on_shutdown(std::function<void(Response&)> handler) override;

  // Responder.
  void on_drained() override;
  void on_deadline() override;
  void on_shutdown(Duration reconnect_after) override;

 private:
  void require_not_begun(const char* call) const;
  void fail();
  void watch_drain() const;
  void on_flush();

  Local& local_;
  transport::Exchange& exchange_;
  const RouteOptions& options_;
  transport::ResponseHead head_;
  std::function<void(Response&)> drain_handler_;
  std::function<void()> close_handler_;
  std::function<void(Response&)> shutdown_handler_;
  Handle handle_;
  bool open_ = true;
  bool begun_ = false;  // the head of a streamed answer is out
  mutable bool watching_ = false;
};

/// The handler of a route.
void serve_application(Local& local, transport::Exchange& exchange, const RequestHandler& handler,
                       const RouteOptions& options);

/// What is answered where the application's code threw.
transport::Response failure_response();

}  // namespace carillon::facade
