#include "transport/websocket/wire_form.hpp"

#include <fmt/format.h>

#include "protocol/websocket/frame.hpp"
#include "protocol/websocket/message_deflate.hpp"
#include "transport/common/publication_json.hpp"

namespace carillon::transport {
namespace {

hub::WireFormId add_form(hub::WireForms& forms, FrameForm form, const CompressionSettings& settings,
                         websocket::DeflatePool& pool) {
  const std::string name =
      form.window_bits == 0 ? "websocket" : fmt::format("websocket_deflate_{}", form.window_bits);
  return forms.add(name,
                   [form, &settings, &pool](const hub::Publication& publication, std::string& out) {
                     append_frame(out, publication, form, settings, pool);
                   });
}

}  // namespace

void append_frame(std::string& out, const hub::Publication& publication, FrameForm form,
                  const CompressionSettings& settings, websocket::DeflatePool& pool) {
  thread_local std::string json;
  json.clear();
  append_publication(json, publication);
  if (form.window_bits != 0 && json.size() >= settings.least_bytes &&
      settings.allows(publication.channel)) {
    return websocket::append_shared_frame(out, websocket::Opcode::Text, json, form.window_bits,
                                          pool);
  }
  const websocket::EncodedFrameHeader header(
      {.opcode = websocket::Opcode::Text, .mask = {}, .payload_bytes = json.size()});
  out.append(header.view()).append(json);
}

FrameFormIds add_frame_forms(hub::WireForms& forms, const CompressionSettings& settings,
                             websocket::DeflatePool& pool) {
  FrameFormIds ids{.plain = add_form(forms, {}, settings, pool), .deflated = {}};
  if (!settings.enabled) return ids;
  for (std::uint8_t bits = websocket::kLeastWindowBits; bits <= settings.policy.window_bits;
       ++bits) {
    ids.deflated[bits] = add_form(forms, {.window_bits = bits}, settings, pool);
  }
  return ids;
}

}  // namespace carillon::transport
