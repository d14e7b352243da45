// A payload means the same when it is written again, and however a reading is interrupted.
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/check.hpp"
#include "protocol/engineio/payload.hpp"

namespace {

using namespace carillon;
using namespace carillon::engineio;

/// Whether all of it are packets; they are written to `again`.
bool copy(Bytes payload, std::string& again) {
  PayloadReader reader(payload);
  while (!reader.at_end()) {
    const std::size_t left = reader.rest().size();
    const auto packet = reader.next();
    if (!packet) return false;
    CARILLON_CHECK(reader.rest().size() < left);
    CARILLON_CHECK(packet->type == PacketType::Message || packet->kind == DataKind::Text);
    append_to_payload(again, *packet);
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes payload(reinterpret_cast<const char*>(data), size);
  std::string once;
  if (!copy(payload, once)) return 0;
  CARILLON_CHECK(once == payload);
  PayloadReader interrupted(payload);
  [[maybe_unused]] const auto first = interrupted.next();
  std::string rest;
  CARILLON_CHECK(interrupted.at_end() || copy(interrupted.rest(), rest));
  return 0;
}
