// The one view type for octets. Codecs, sockets and third-party libraries all speak
// `char` pointers, so a second byte type would only buy conversions.
#pragma once

#include <string_view>

namespace carillon {

/// A borrowed run of octets; not necessarily text.
/// Lifetime: the caller's; nothing may keep it past the call it was passed to.
using Bytes = std::string_view;

}  // namespace carillon
