#include "transport/websocket/wire_form.hpp"

#include <fmt/format.h>

#include "protocol/websocket/frame.hpp"
#include "protocol/websocket/message_deflate.hpp"
#include "transport/common/publication_json.hpp"

namespace carillon::transport {
namespace {

hub::WireFormId add_form(hub::WireForms& forms, FrameForm form, const CompressionSettings& settings,
                         websocket::DeflatePool& pool) {
  std::string name = form.encoding == native::Encoding::Json ? "websocket" : "websocket_cbor";
  if (form.window_bits != 0) name += fmt::format("_deflate_{}", form.window_bits);
  return forms.add(name,
                   [form, &settings, &pool](const hub::Publication& publication, std::string& out) {
                     append_frame(out, publication, form, settings, pool);
                   });
}

}  // namespace

websocket::Opcode opcode_of(native::Encoding encoding) {
  return encoding == native::Encoding::Json ? websocket::Opcode::Text : websocket::Opcode::Binary;
}

void append_broadcast_frame(std::string& out, Bytes channel, websocket::Opcode opcode,
                            Bytes payload, std::uint8_t window_bits,
                            const CompressionSettings& settings, websocket::DeflatePool& pool) {
  if (window_bits != 0 && payload.size() >= settings.least_bytes && settings.allows(channel)) {
    return websocket::append_shared_frame(out, opcode, payload, window_bits, pool);
  }
  const websocket::EncodedFrameHeader header(
      {.opcode = opcode, .mask = {}, .payload_bytes = payload.size()});
  out.append(header.view()).append(payload);
}

void append_frame(std::string& out, const hub::Publication& publication, FrameForm form,
                  const CompressionSettings& settings, websocket::DeflatePool& pool) {
  thread_local std::string object;
  object.clear();
  append_publication(object, publication, form.encoding);
  append_broadcast_frame(out, publication.channel, opcode_of(form.encoding), object,
                         form.window_bits, settings, pool);
}

FrameFormIds add_frame_forms(hub::WireForms& forms, native::Encoding encoding,
                             const CompressionSettings& settings, websocket::DeflatePool& pool) {
  FrameFormIds ids{.plain = add_form(forms, {.encoding = encoding}, settings, pool),
                   .deflated = {}};
  if (!settings.policy) return ids;
  for (std::uint8_t bits = websocket::kLeastWindowBits; bits <= settings.policy->window_bits;
       ++bits) {
    ids.deflated[bits] =
        add_form(forms, {.encoding = encoding, .window_bits = bits}, settings, pool);
  }
  return ids;
}

}  // namespace carillon::transport
