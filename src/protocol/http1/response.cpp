#include "protocol/http1/response.hpp"

#include <fmt/format.h>

#include <array>

#include "core/check.hpp"
#include "protocol/http1/head_writer.hpp"

namespace carillon::http1 {
namespace {

bool has_no_framing(int status) {
  return status < 200 || status == 204;
}

/// A response that may have a body and tells no length would last until the close: it has none.
Framing told_framing(int status, Framing framing) {
  const bool silent = framing.kind == Framing::Kind::None && status != 304;
  return silent ? Framing::content_length(0) : framing;
}

void append_connection(std::string& out, Framing framing, const ResponseOptions& options) {
  if (options.persistence == Persistence::Close || framing.kind == Framing::Kind::UntilClose) {
    append_field(out, "Connection", "close");
  } else if (options.request_version == Version::Http10) {
    append_field(out, "Connection", "keep-alive");
  }
}

/// Octets of a head beside the names and values of its fields: for each `: ` and CRLF, and for all
/// the status line and what is added here.
constexpr std::size_t kOctetsPerField = 4;
constexpr std::size_t kOctetsOfTheRest = 192;

}  // namespace

void append_response_head(std::string& out, const ResponseHead& head, Framing framing,
                          const ResponseOptions& options) {
  CARILLON_CHECK(head.status >= 100 && head.status <= 599);
  const bool interim = head.status < 200;
  out.reserve(out.size() + head.fields.text_bytes() + kOctetsPerField * head.fields.size() +
              kOctetsOfTheRest);
  out.append("HTTP/1.1 ").append(fmt::format_int(head.status).c_str());
  out.append(" ").append(reason_phrase(head.status)).append("\r\n");
  if (!interim && !options.date.empty()) append_field(out, "Date", options.date);
  append_fields(out, head.fields);
  if (!has_no_framing(head.status)) append_framing(out, told_framing(head.status, framing));
  if (!interim) append_connection(out, framing, options);
  out.append("\r\n");
}

void append_chunk(std::string& out, Bytes data) {
  if (data.empty()) return;
  std::array<char, 2 * sizeof(std::size_t)> digits{};
  const auto end = fmt::format_to(digits.data(), "{:x}", data.size());
  out.append(digits.data(), end).append("\r\n").append(data).append("\r\n");
}

void append_last_chunk(std::string& out) {
  out.append("0\r\n\r\n");
}

}  // namespace carillon::http1
