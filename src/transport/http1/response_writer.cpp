#include "transport/http1/response_writer.hpp"

#include <string>

#include "net/reactor.hpp"
#include "transport/common/response_date.hpp"

namespace carillon::transport {
void ResponseWriter::whole(net::Stream& stream, Response response,
                           std::span<const access::ResponseField> extra) {
  const bool has_body = status_has_body(response.head.status);
  const auto framing =
      has_body ? http1::Framing::content_length(response.body.size()) : http1::Framing::none();
  head(stream, std::move(response.head), framing, extra);
  if (has_body && !context_.is_head_request) stream.send(std::move(response.body));
}

void ResponseWriter::start(net::Stream& stream, ResponseHead response_head, StreamEnd end,
                           std::span<const access::ResponseField> extra) {
  has_body_ = status_has_body(response_head.status) && !context_.is_head_request;
  const auto framing = !status_has_body(response_head.status) ? http1::Framing::none()
                       : end == StreamEnd::Connection         ? http1::Framing::until_close()
                                                      : http1::Framing::streamed(context_.version);
  head(stream, std::move(response_head), framing, extra);
}

void ResponseWriter::switch_protocols(net::Stream& stream, ResponseHead response_head,
                                      std::span<const access::ResponseField> extra) {
  head(stream, std::move(response_head), http1::Framing::none(), extra);
}

void ResponseWriter::piece(net::Stream& stream, SharedBytes bytes) const {
  if (!has_body_ || bytes.empty()) return;
  if (framing_.kind != http1::Framing::Kind::Chunked) {
    stream.send(std::move(bytes));
    return;
  }
  std::string chunk;
  http1::append_chunk(chunk, bytes.view());
  stream.send(chunk);
}

bool ResponseWriter::finish(net::Stream& stream) const {
  if (framing_.kind == http1::Framing::Kind::Chunked && has_body_) {
    std::string end;
    http1::append_last_chunk(end);
    stream.send(end);
  }
  return framing_.kind != http1::Framing::Kind::UntilClose &&
         context_.persistence == http1::Persistence::KeepAlive;
}

std::string ResponseWriter::switching_text(ResponseHead head, Timestamp now,
                                           std::span<const access::ResponseField> extra) {
  return head_text(std::move(head), http1::Framing::none(), now, extra);
}

void ResponseWriter::head(net::Stream& stream, ResponseHead response_head, http1::Framing framing,
                          std::span<const access::ResponseField> extra) {
  stream.send(head_text(std::move(response_head), framing, stream.reactor().wall_clock(), extra));
}

std::string ResponseWriter::head_text(ResponseHead head, http1::Framing framing, Timestamp now,
                                      std::span<const access::ResponseField> extra) {
  for (const auto& field : extra) head.fields.add(field.name, field.value);
  head.fields.add("X-Content-Type-Options", "nosniff");
  framing_ = framing;
  std::string text;
  http1::append_response_head(text, head, framing,
                              {.request_version = context_.version,
                               .persistence = context_.persistence,
                               .date = date_at(now)});
  return text;
}

}  // namespace carillon::transport
