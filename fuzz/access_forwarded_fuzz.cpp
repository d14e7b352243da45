// links: carillon_access
// Forwarding fields: whatever a client writes before the words of its proxy, it is never taken for
// another client, nor for a local one.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "access/authority.hpp"
#include "access/forwarded.hpp"
#include "access/forwarded_fields.hpp"
#include "access/host_rule.hpp"
#include "access/origin_rule.hpp"
#include "core/bytes.hpp"
#include "core/check.hpp"

namespace {

using namespace carillon;
using namespace carillon::access;

bool is_inside(Bytes part, Bytes whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check_parts(Bytes input) {
  std::vector<ForwardedElement> elements;
  if (parse_forwarded(input, elements)) {
    CARILLON_CHECK(elements.size() <= kMaxForwardedElements);
    for (const ForwardedElement& element : elements) {
      CARILLON_CHECK(is_inside(element.node, input));
      CARILLON_CHECK(is_inside(element.proto, input));
      CARILLON_CHECK(is_inside(element.host, input));
    }
  }
  if (const auto address = parse_node(input)) {
    CARILLON_CHECK(IpAddress::parse(address->text()) == address);
  }
  if (const auto cidr = Cidr::parse(input)) {
    // But for blocks of IPv6 that end within the part that marks IPv4, which hold no IPv4.
    const auto network = IpAddress::parse(input.substr(0, input.find('/')));
    CARILLON_CHECK(network && (cidr->contains(*network) || network->is_v4()));
  }
  if (const auto authority = parse_authority(input)) {
    CARILLON_CHECK(is_inside(authority->host, input));
    CARILLON_CHECK(authority->kind == HostKind::Ip ||
                   authority->host.find_first_of("@:/\\#?[] ") == Bytes::npos);
  }
}

/// The proxy at 10.0.0.1 heard the client from 203.0.113.7 and appended that to what it sent.
void check_client(Bytes name, const std::string& value, const AddressSet& proxies) {
  const auto client = IpAddress::parse("203.0.113.7");
  ForwardingFields fields;
  fields.add(name, value);
  const auto requester =
      identify(Stance::Configured, proxies, {.peer = IpAddress::parse("10.0.0.1")}, fields);
  if (!requester) return;
  CARILLON_CHECK(requester->address == client);
  CARILLON_CHECK(requester->locality == Locality::Remote);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(reinterpret_cast<const char*>(data), size);
  check_parts(input);

  AddressSet proxies;
  CARILLON_CHECK(proxies.add("10.0.0.0/8"));
  check_client("X-Forwarded-For", std::string(input) + ", 203.0.113.7", proxies);
  check_client("Forwarded", std::string(input) + ", for=203.0.113.7;proto=https", proxies);

  const bool local = decide_host({}, input).allowed();
  const auto authority = parse_authority(input);
  CARILLON_CHECK(!local || input.empty() || authority.has_value());
  if (!authority) {
    CARILLON_CHECK(classify_origin({}, "http://" + std::string(input), Scheme::Http, input) ==
                   OriginKind::Foreign);
  }
  return 0;
}
