// Targets, paths, queries and authorities: whatever is accepted keeps its promises.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/check.hpp"
#include "protocol/http1/authority.hpp"
#include "protocol/http1/percent.hpp"
#include "protocol/http1/query.hpp"
#include "protocol/http1/target.hpp"

namespace {

using namespace carillon;
using namespace carillon::http1;

constexpr std::array<Bytes, 3> kMethods{"GET", "CONNECT", "OPTIONS"};

void check_path(Bytes path) {
  const auto decoded = decode_path(path);
  if (!decoded) return;
  CARILLON_CHECK(decoded->size() <= path.size());
  CARILLON_CHECK(decoded->find('\0') == std::string::npos);
  const std::string framed = "/" + *decoded + "/";
  CARILLON_CHECK(framed.find("/../") == std::string::npos);
  CARILLON_CHECK(framed.find("/./") == std::string::npos);
}

void check_target(Bytes method, Bytes target) {
  const auto parts = split_target(method, target);
  if (!parts) return;
  CARILLON_CHECK((parts->form == TargetForm::Authority) == (method == "CONNECT"));
  CARILLON_CHECK(parts->form != TargetForm::Asterisk || method == "OPTIONS");
  CARILLON_CHECK(parts->form != TargetForm::Origin || parts->path.starts_with('/'));
  CARILLON_CHECK(is_percent_encoded(parts->path) && is_percent_encoded(parts->query));
  const bool has_authority =
      parts->form == TargetForm::Absolute || parts->form == TargetForm::Authority;
  CARILLON_CHECK(has_authority == split_authority(parts->authority).has_value());
  check_path(parts->path);
}

void check_query(Bytes query) {
  const auto parameters = QueryParameters::parse(query);
  if (!parameters) return;
  std::size_t total = 0;
  for (std::size_t index = 0; index < parameters->size(); ++index) {
    const auto [name, value] = parameters->at(index);
    total += name.size() + value.size();
    CARILLON_CHECK(parameters->find(name).has_value());
    CARILLON_CHECK(parameters->find_all(name).front() == *parameters->find(name));
  }
  CARILLON_CHECK(total <= query.size());
  CARILLON_CHECK(parameters->size() <= QueryParameters::kMaximumCount);
}

void check_authority(Bytes text) {
  const auto authority = split_authority(text);
  if (!authority) return;
  CARILLON_CHECK(!authority->host.empty() && authority->port.size() <= 5);
  const std::string host(authority->host);
  CARILLON_CHECK(text == host || text == host + ":" + std::string(authority->port));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 4096) return 0;
  const Bytes text(reinterpret_cast<const char*>(data + 1), size - 1);
  check_target(kMethods[data[0] % kMethods.size()], text);
  check_path(text);
  check_query(text);
  check_authority(text);
  return 0;
}
