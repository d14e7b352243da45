// Files served from memory: the embedded pages, with validators, ranges and compressed forms.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "core/hash.hpp"
#include "core/shared_bytes.hpp"
#include "core/time.hpp"
#include "protocol/http1/content_coding.hpp"
#include "transport/common/response.hpp"

namespace carillon::transport {

class Exchange;
struct Request;

/// One file. `gzip` and `brotli` are empty where compression gains nothing.
struct StaticFile {
  std::string media_type;
  std::string etag;  // of `identity`, in quotes
  SharedBytes identity;
  SharedBytes gzip;
  SharedBytes brotli;
};

/// Thread: immutable once the first reactor runs; shared by all.
class StaticFiles {
 public:
  /// `path` begins with a slash; `/lab/index.html` serves `/lab/` too, and `/lab` leads there.
  void add(std::string path, StaticFile file);

  /// GET and HEAD. 404 for an unknown path.
  void serve(Exchange& exchange, Timestamp now) const;

  /// Whether there is a file, or a folder with a page, at that path.
  bool has(const std::string& path) const;

 private:
  const StaticFile* find(const std::string& path) const;

  std::unordered_map<std::string, StaticFile, StringHash, std::equal_to<>> files_;
};

}  // namespace carillon::transport
