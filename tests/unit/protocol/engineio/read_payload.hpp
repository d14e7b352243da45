// A payload taken apart, in a form that tests compare.
#pragma once

#include <string>
#include <vector>

#include "protocol/engineio/packet.hpp"
#include "protocol/engineio/payload.hpp"

namespace carillon::engineio::testing {

/// The text forms of version 4; "?" for what is no packet, which ends the reading.
inline std::vector<std::string> read(Bytes payload, PayloadForm form = PayloadForm::Separated) {
  PayloadReader reader(payload, form);
  std::vector<std::string> texts;
  while (!reader.at_end()) {
    const auto packet = reader.next();
    texts.emplace_back();
    if (packet) append_packet(texts.back(), *packet);
    if (packet) continue;
    texts.back() = "?";
    break;
  }
  return texts;
}

}  // namespace carillon::engineio::testing
