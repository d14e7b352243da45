#include "facade/wire_form.hpp"

#include "core/base64.hpp"
#include "core/check.hpp"
#include "protocol/sse/encode.hpp"
#include "protocol/websocket/frame.hpp"
#include "transport/websocket/wire_form.hpp"

namespace carillon::facade {
namespace {

bool is_json(const hub::Publication& publication) {
  return publication.data_kind == hub::DataKind::Json;
}

}  // namespace

void encode_data_frame(const hub::Publication& publication, std::string& out,
                       std::uint8_t window_bits, const transport::CompressionSettings& settings,
                       websocket::DeflatePool& pool) {
  const auto opcode = is_json(publication) ? websocket::Opcode::Text : websocket::Opcode::Binary;
  transport::append_broadcast_frame(out, publication.channel, opcode, publication.data, window_bits,
                                    settings, pool);
}

void encode_data_event(const hub::Publication& publication, std::string& out) {
  if (publication.is_kept()) CARILLON_CHECK(sse::append_id(out, to_text(publication.position)));
  if (is_json(publication)) {
    CARILLON_CHECK(sse::append_body(out, {}, publication.data));
  } else {
    CARILLON_CHECK(sse::append_body(out, {}, base64_encode(publication.data)));
  }
}

}  // namespace carillon::facade
