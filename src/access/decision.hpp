// The answer of every rule in this folder: yes, or which no, and what to write to make it a yes.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "core/bytes.hpp"

namespace carillon::access {

/// Each but Allowed has the status of the same name (PROTOCOL: `bad_request`, `unauthenticated`,
/// `forbidden`).
enum class Verdict : std::uint8_t { Allowed, BadRequest, Unauthenticated, Forbidden };

struct Decision {
  Verdict verdict = Verdict::Allowed;
  std::string reason;  // for the client and the log; names the config key. Empty when allowed

  bool allowed() const { return verdict == Verdict::Allowed; }
};

inline Decision refuse(Verdict verdict, std::string reason) {
  return Decision{.verdict = verdict, .reason = std::move(reason)};
}

/// What a peer sent, fit for a reason: in quotes, printable ASCII only, at most 100 octets of it.
std::string in_quotes(Bytes text);

}  // namespace carillon::access
