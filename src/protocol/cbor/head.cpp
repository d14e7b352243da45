#include "protocol/cbor/head.hpp"

#include "core/check.hpp"

namespace carillon::cbor {
namespace {

constexpr std::uint64_t kLeastTwoOctetSimple = 32;

std::uint64_t octet(char character) {
  return static_cast<unsigned char>(character);
}

bool may_be_indefinite(Major major) {
  return major != Major::Unsigned && major != Major::Negative && major != Major::Tag;
}

}  // namespace

Result<std::optional<Head>, ErrorKind> parse_head(Bytes octets) {
  if (octets.empty()) return std::nullopt;
  Head head{.major = static_cast<Major>(octet(octets.front()) >> 5),
            .info = static_cast<std::uint8_t>(octet(octets.front()) & 0x1F),
            .argument = octet(octets.front()) & 0x1F,
            .head_bytes = 1};
  if (head.info < kOneOctet) return head;
  if (head.info == kIndefinite) {
    if (!may_be_indefinite(head.major)) return std::unexpected(ErrorKind::BadIndefinite);
    return head;
  }
  if (head.info > kEightOctets) return std::unexpected(ErrorKind::ReservedHead);
  const std::size_t argument_bytes = std::size_t{1} << (head.info - kOneOctet);
  if (octets.size() <= argument_bytes) return std::nullopt;
  head.argument = 0;
  for (const char each : octets.substr(1, argument_bytes)) {
    head.argument = head.argument << 8 | octet(each);
  }
  head.head_bytes += argument_bytes;
  const bool is_simple = head.major == Major::Simple && head.info == kOneOctet;
  if (is_simple && head.argument < kLeastTwoOctetSimple) {
    return std::unexpected(ErrorKind::ReservedHead);
  }
  return head;
}

Head take_head(Bytes& octets) {
  const auto head = parse_head(octets);
  CARILLON_CHECK(head && *head);
  octets.remove_prefix((*head)->head_bytes);
  return **head;
}

}  // namespace carillon::cbor
