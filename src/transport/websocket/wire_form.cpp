#include "transport/websocket/wire_form.hpp"

#include "protocol/websocket/frame.hpp"
#include "transport/common/publication_json.hpp"

namespace carillon::transport {

void encode_text_frame(const hub::Publication& publication, std::string& out) {
  thread_local std::string json;
  json.clear();
  append_publication(json, publication);
  const websocket::EncodedFrameHeader header(
      {.opcode = websocket::Opcode::Text, .mask = {}, .payload_bytes = json.size()});
  out.append(header.view()).append(json);
}

}  // namespace carillon::transport
