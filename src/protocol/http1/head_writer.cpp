#include "protocol/http1/head_writer.hpp"

#include <fmt/format.h>

#include "protocol/http1/characters.hpp"

namespace carillon::http1 {
namespace {

bool is_framing_field(Bytes name) {
  return equal_ignoring_case(name, "content-length") ||
         equal_ignoring_case(name, "transfer-encoding");
}

}  // namespace

void append_field(std::string& out, Bytes name, Bytes value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_fields(std::string& out, const Fields& fields) {
  for (std::size_t index = 0; index < fields.size(); ++index) {
    const Field field = fields.at(index);
    if (!is_framing_field(field.name)) append_field(out, field.name, field.value);
  }
}

void append_framing(std::string& out, Framing framing) {
  if (framing.kind == Framing::Kind::Chunked) {
    append_field(out, "Transfer-Encoding", "chunked");
  } else if (framing.kind == Framing::Kind::ContentLength) {
    append_field(out, "Content-Length", fmt::format_int(framing.length_bytes).c_str());
  }
}

}  // namespace carillon::http1
