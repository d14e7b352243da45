#include "hub/error.hpp"

namespace carillon::hub {

Bytes describe(BrokerError error) {
  switch (error) {
    case BrokerError::Unavailable:
      return "The channel cannot be reached at the moment.";
    case BrokerError::TooManyChannels:
      return "There are as many live channels as the server allows.";
    case BrokerError::DedupeMismatch:
      return "The idempotency key was used before for other data.";
  }
  return "Unknown.";
}

}  // namespace carillon::hub
