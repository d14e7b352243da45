#include "backend/call_url.hpp"

#include <fmt/format.h>

#include "protocol/http1/target.hpp"

namespace carillon::backend {
namespace {

constexpr Bytes kHttp = "http://";
constexpr Bytes kHttps = "https://";
constexpr Bytes kUnix = "unix:";
constexpr Bytes kForms =
    "write http://HOST:PORT/PATH, https://HOST:PORT/PATH or unix:/SOCKET:/PATH";

/// Where the path begins; npos: nowhere.
std::size_t path_begin(Bytes text) {
  if (!text.starts_with(kUnix)) return text.find_first_of("/?#", text.find("://") + 3);
  const std::size_t colon = text.find(":/", kUnix.size());
  return colon == Bytes::npos ? colon : colon + 1;
}

}  // namespace

Result<CallUrl, std::string> CallUrl::parse(Bytes text) {
  const bool is_unix = text.starts_with(kUnix);
  if (!text.starts_with(kHttp) && !text.starts_with(kHttps) && !is_unix) {
    return std::unexpected(fmt::format("this is no URL of a back end: {}", kForms));
  }
  const std::size_t begin = path_begin(text);
  Bytes server = text.substr(0, begin);
  if (is_unix && begin != Bytes::npos) server.remove_suffix(1);
  if (server.find('@') != Bytes::npos && !is_unix) {
    return std::unexpected(
        "a URL of a back end has no user and no password in it: they would be "
        "shown in logs; name it by a secret path or query instead");
  }
  auto address = outgoing::ServerUrl::parse(server);
  if (!address) return std::unexpected(fmt::format("this is no URL of a back end: {}", kForms));
  CallUrl url{.server = *std::move(address), .target = "/"};
  if (begin != Bytes::npos) url.target = text.substr(begin);
  if (url.target.starts_with('?')) url.target.insert(0, "/");
  if (!http1::split_target("GET", url.target)) {
    return std::unexpected(
        "its path and query are none that can be sent: percent-encode them, and "
        "leave out what follows a '#'");
  }
  return url;
}

std::string CallUrl::to_text() const {
  const std::string path = target.substr(0, target.find('?'));
  return server.is_unix() ? server.to_text() + ":" + path : server.to_text() + path;
}

}  // namespace carillon::backend
