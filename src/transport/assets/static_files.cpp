#include "transport/assets/static_files.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <variant>

#include "protocol/http1/conditional.hpp"
#include "protocol/http1/range.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/problem.hpp"

namespace carillon::transport {
namespace {

using http1::ContentCoding;

constexpr Bytes kSecurityPolicy =
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

/// The representation that a request gets: its octets and what identifies them.
struct Representation {
  ContentCoding coding = ContentCoding::Identity;
  SharedBytes bytes;
  std::string etag;
};

/// Each coding is a representation of its own, with its own validator (RFC 9110 §8.8.1).
std::string etag_of(const StaticFile& file, ContentCoding coding) {
  if (coding == ContentCoding::Identity) return file.etag;
  std::string etag = file.etag.substr(0, file.etag.size() - 1);
  return etag.append("-").append(http1::name_of(coding)).append("\"");
}

Representation choose(const StaticFile& file, const Request& request) {
  std::vector<ContentCoding> offered;
  if (!file.brotli.empty()) offered.push_back(ContentCoding::Brotli);
  if (!file.gzip.empty()) offered.push_back(ContentCoding::Gzip);
  // A range is of the file itself: nobody wants the middle of a compressed form.
  const auto coding = request.field("range") ? ContentCoding::Identity
                                             : http1::choose_coding(*request.fields, offered);
  const SharedBytes& bytes = coding == ContentCoding::Brotli ? file.brotli
                             : coding == ContentCoding::Gzip ? file.gzip
                                                             : file.identity;
  return {.coding = coding, .bytes = bytes, .etag = etag_of(file, coding)};
}

void add_metadata(Response& response, const StaticFile& file, const Representation& chosen) {
  response.add("ETag", chosen.etag)
      .add("Vary", "Accept-Encoding")
      .add("Cache-Control", "no-cache")
      .add("Accept-Ranges", "bytes")
      .add("Content-Security-Policy", kSecurityPolicy)
      .add("Referrer-Policy", "same-origin");
  if (response.head.status == 304) return;
  response.add("Content-Type", file.media_type);
  if (chosen.coding != ContentCoding::Identity) {
    response.add("Content-Encoding", http1::name_of(chosen.coding));
  }
}

/// 200, or 206 and 416 where a range is asked for.
Response content_response(const Request& request, const Representation& chosen,
                          const http1::Validators& current, std::chrono::sys_seconds now) {
  Response response{.head = {.status = 200, .fields = {}}, .body = chosen.bytes};
  const auto field = request.field("range");
  if (!field || request.method != "GET" ||
      !http1::range_applies(request.method, *request.fields, current, now)) {
    return response;
  }
  const std::uint64_t size = chosen.bytes.size();
  const http1::RangeAnswer answer = http1::resolve_range(*field, size);
  if (const auto* range = std::get_if<http1::ByteRange>(&answer)) {
    response.head.status = 206;
    response.body = SharedBytes(chosen.bytes.view().substr(range->first, range->size_bytes()));
    response.add("Content-Range", http1::content_range(*range, size));
  } else if (std::holds_alternative<http1::Unsatisfiable>(answer)) {
    response.head.status = 416;
    response.body = {};
    response.add("Content-Range", http1::content_range_unsatisfied(size));
  }
  return response;
}

Response response_to(const Request& request, const StaticFile& file, std::chrono::sys_seconds now) {
  const Representation chosen = choose(file, request);
  const http1::Validators current{.etag = chosen.etag, .last_modified = {}};
  Response response;
  switch (http1::evaluate_preconditions(request.method, *request.fields, current, now)) {
    case http1::Precondition::NotModified:
      response.head.status = 304;
      break;
    case http1::Precondition::Failed:
      response.head.status = 412;
      break;
    case http1::Precondition::Proceed:
      response = content_response(request, chosen, current, now);
      break;
  }
  add_metadata(response, file, chosen);
  return response;
}

/// A folder's page is below the folder, so that its relative links are right.
Response folder_response(const Request& request) {
  const std::size_t query = std::min(request.target.find('?'), request.target.size());
  const Bytes path = request.target.substr(0, query);
  std::string location(path.substr(path.rfind('/') + 1));
  location.append("/").append(request.target.substr(query));
  Response response{.head = {.status = 308, .fields = {}}, .body = {}};
  response.add("Location", location);
  return response;
}

}  // namespace

void StaticFiles::add(std::string path, StaticFile file) {
  files_.insert_or_assign(std::move(path), std::move(file));
}

void StaticFiles::serve(Exchange& exchange, Timestamp now) const {
  const std::string& path = exchange.request().path;
  const StaticFile* file = find(path);
  if (file == nullptr && has(path)) return exchange.respond(folder_response(exchange.request()));
  if (file == nullptr) {
    return exchange.respond(problem_response(
        {.code = native::ProblemCode::NotFound, .detail = "there is nothing at this path"}));
  }
  const auto seconds = std::chrono::floor<std::chrono::seconds>(
      std::chrono::sys_time(std::chrono::microseconds(now.microseconds)));
  exchange.respond(response_to(exchange.request(), *file, seconds));
}

bool StaticFiles::has(const std::string& path) const {
  return find(path) != nullptr || (!path.ends_with('/') && find(path + "/") != nullptr);
}

const StaticFile* StaticFiles::find(const std::string& path) const {
  for (const char* suffix : {"", "index.html"}) {
    const auto found = files_.find(path + suffix);
    if (found != files_.end()) return &found->second;
  }
  return nullptr;
}

}  // namespace carillon::transport
