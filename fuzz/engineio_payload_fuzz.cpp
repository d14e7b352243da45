// A payload of either version means the same when it is written again, in its own form and in the
// others, and however a reading is interrupted.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/check.hpp"
#include "core/utf8.hpp"
#include "protocol/engineio/counted_payload.hpp"
#include "protocol/engineio/payload.hpp"

namespace {

using namespace carillon;
using namespace carillon::engineio;

constexpr std::array kForms = {PayloadForm::Separated, PayloadForm::CountedText,
                               PayloadForm::CountedOctets};

/// The same in the form of version 4. Empty: not all of it are packets.
std::optional<std::string> copy(Bytes payload, PayloadForm form) {
  std::string again;
  PayloadReader reader(payload, form);
  while (!reader.at_end()) {
    const std::size_t left = reader.rest().size();
    const auto packet = reader.next();
    if (!packet) return std::nullopt;
    CARILLON_CHECK(reader.rest().size() < left);
    CARILLON_CHECK(packet->type == PacketType::Message || packet->kind == DataKind::Text);
    append_to_payload(again, *packet);
  }
  return again;
}

/// What version 3 is sent reads as what it was.
void check_counted(const std::string& separated) {
  for (const bool text_only : {false, true}) {
    const CountedPayload counted = to_counted(separated, text_only);
    const bool is_text = counted.kind == DataKind::Text;
    CARILLON_CHECK(is_text || !text_only);
    const auto again =
        copy(counted.body, is_text ? PayloadForm::CountedText : PayloadForm::CountedOctets);
    CARILLON_CHECK(again == separated);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes payload(reinterpret_cast<const char*>(data), size);
  for (const PayloadForm form : kForms) {
    const auto once = copy(payload, form);
    if (!once) continue;
    if (form == PayloadForm::Separated) CARILLON_CHECK(*once == payload);
    PayloadReader interrupted(payload, form);
    [[maybe_unused]] const auto first = interrupted.next();
    CARILLON_CHECK(interrupted.at_end() || copy(interrupted.rest(), form));
    // Text of version 3 may hold the separator, or be no UTF-8, which JSON never is.
    const bool is_json_like = is_utf8(*once) && copy(*once, PayloadForm::Separated);
    if (is_json_like) check_counted(*once);
  }
  return 0;
}
