// The pages that the server carries inside itself, as the build made them.
#pragma once

#include <span>
#include <string_view>

namespace carillon::web {

/// One file, ready to be sent in three forms.
/// Lifetime: all views last as long as the program.
struct Asset {
  /// From the root of the site, without a leading slash: `index.html`, `live.js`.
  std::string_view path;
  /// With its charset, ready for Content-Type.
  std::string_view media_type;
  /// A hash of `bytes` in quotes. A compressed form is another representation and needs a
  /// validator of its own (RFC 9110 §8.8.1): the server may add a suffix inside the quotes.
  std::string_view etag;
  std::string_view bytes;
  /// Empty where compression gains nothing.
  std::string_view gzip;
  std::string_view brotli;
};

/// Every file of the site, ordered by path.
std::span<const Asset> assets() noexcept;

}  // namespace carillon::web
