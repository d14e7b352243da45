#include "transport/common/https_redirect.hpp"

#include <string>
#include <utility>

#include "access/authority.hpp"
#include "transport/common/problem.hpp"

namespace carillon::transport {
namespace {

constexpr std::uint16_t kHttpsPort = 443;

}  // namespace

Response https_redirect(Bytes authority, std::uint16_t port, Bytes path, Bytes query) {
  const auto parsed = access::parse_authority(authority);
  if (!parsed) {
    return problem_response(native::ProblemCode::BadRequest,
                            "this server speaks https, and no Host says where", 400);
  }
  const bool is_ipv6 = parsed->host.find(':') != Bytes::npos;
  std::string location = is_ipv6 ? "https://[" : "https://";
  location.append(parsed->host);
  if (is_ipv6) location += ']';
  if (port != kHttpsPort) location += ':' + std::to_string(port);
  location.append(path.starts_with('/') ? path : Bytes("/"));
  if (!query.empty()) location.append("?").append(query);
  Response response{.head = {.status = 308, .fields = {}}, .body = {}};
  response.add("Location", location);
  return response;
}

}  // namespace carillon::transport
