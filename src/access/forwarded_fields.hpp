// How proxies write down what they know: RFC 7239's Forwarded, and the older X-Forwarded-For.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "access/ip_address.hpp"
#include "core/bytes.hpp"

namespace carillon::access {

/// More hops than this are nobody's; the field is then malformed.
constexpr std::size_t kMaxForwardedElements = 100;

/// What one hop tells; empty where it does not.
/// Lifetime: views into the field.
struct ForwardedElement {
  Bytes node;  // `for`
  Bytes proto;
  Bytes host;
};

/// The elements of one Forwarded field, appended in their order (the client's hop first).
/// Errors: false for anything outside the grammar, a parameter given twice in one element, and a
///         quoted-pair where no value needs one: what one reader takes for the end of a string and
///         another does not is how clients speak in their proxy's name.
/// Source: RFC 7239 §4; RFC 9110 §5.6.
[[nodiscard]] bool parse_forwarded(Bytes field, std::vector<ForwardedElement>& elements);

/// The members of a comma-separated X-Forwarded-… field, appended in their order, trimmed.
void split_members(Bytes field, std::vector<Bytes>& members);

/// The address in `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`,
/// `[2001:db8::1]:4711`; empty for `unknown`, `_hidden` and whatever else.
/// Source: RFC 7239 §6.
std::optional<IpAddress> parse_node(Bytes text);

}  // namespace carillon::access
