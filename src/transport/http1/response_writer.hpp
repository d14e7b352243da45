// One HTTP/1.1 response on its way into a stream: head, framing and end.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "access/origin_rule.hpp"
#include "core/shared_bytes.hpp"
#include "net/stream.hpp"
#include "protocol/http1/framing.hpp"
#include "protocol/http1/response.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/response.hpp"

namespace carillon::transport {

/// What of the request shapes its answer.
struct ResponseContext {
  http1::Version version = http1::Version::Http11;
  bool is_head_request = false;
  http1::Persistence persistence = http1::Persistence::KeepAlive;
};

class ResponseWriter {
 public:
  explicit ResponseWriter(ResponseContext context = {}) : context_(context) {}

  void whole(net::Stream& stream, Response response, std::span<const access::ResponseField> extra);
  void start(net::Stream& stream, ResponseHead head, StreamEnd end,
             std::span<const access::ResponseField> extra);
  void piece(net::Stream& stream, SharedBytes bytes) const;
  /// The 101 after which the stream speaks another protocol.
  void switch_protocols(net::Stream& stream, ResponseHead head,
                        std::span<const access::ResponseField> extra);
  /// The same as text, for whoever sends it.
  std::string switching_text(ResponseHead head, Timestamp now,
                             std::span<const access::ResponseField> extra);
  /// Says `Connection: close`; before anything is written.
  void close_afterwards() { context_.persistence = http1::Persistence::Close; }
  /// Whether the connection may carry another request after this response.
  bool finish(net::Stream& stream) const;

 private:
  void head(net::Stream& stream, ResponseHead response_head, http1::Framing framing,
            std::span<const access::ResponseField> extra);
  std::string head_text(ResponseHead head, http1::Framing framing, Timestamp now,
                        std::span<const access::ResponseField> extra);

  ResponseContext context_;
  http1::Framing framing_;
  bool has_body_ = false;  // of a streamed response
};

}  // namespace carillon::transport
