#include "access/forwarded_fields.hpp"

#include <algorithm>

#include "access/authority.hpp"

namespace carillon::access {
namespace {

bool is_space(char octet) {
  return octet == ' ' || octet == '\t';
}

Bytes trim(Bytes text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// RFC 9110 §5.6.2, and `:`, `[`, `]`, which senders forget to quote in addresses.
bool is_value_octet(char octet) {
  return octet > ' ' && octet < 0x7f && Bytes("\"(),/;<=>?@\\{}").find(octet) == Bytes::npos;
}

/// Consumes one field from its front; every step is linear in what it consumes.
class Reader {
 public:
  explicit Reader(Bytes text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }

  void skip_spaces() {
    while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
  }

  /// RFC 9110 §5.6.1.2: a list may have some, and they say nothing.
  void skip_empty_members() {
    skip_spaces();
    while (take(',')) skip_spaces();
  }

  bool take(char octet) {
    if (!rest_.starts_with(octet)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  Bytes take_token() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_value_octet);
    const Bytes token = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(token.size());
    return token;
  }

  /// The inside of a quoted string; empty optional where there is none that is whole.
  std::optional<Bytes> take_quoted() {
    if (!take('"')) return std::nullopt;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      if (rest_[i] == '\\') {
        ++i;
      } else if (rest_[i] == '"') {
        const Bytes inside = rest_.substr(0, i);
        rest_.remove_prefix(i + 1);
        return inside;
      }
    }
    return std::nullopt;
  }

 private:
  Bytes rest_;
};

Bytes* member_of(ForwardedElement& element, Bytes name) {
  if (equal_ignoring_case(name, "for")) return &element.node;
  if (equal_ignoring_case(name, "proto")) return &element.proto;
  if (equal_ignoring_case(name, "host")) return &element.host;
  return nullptr;
}

bool read_pair(Reader& reader, ForwardedElement& element) {
  const Bytes name = reader.take_token();
  if (name.empty() || !reader.take('=')) return false;
  Bytes value = reader.take_token();
  if (value.empty()) {
    const auto inside = reader.take_quoted();
    if (!inside) return false;
    value = *inside;
  }
  Bytes* member = member_of(element, name);
  if (member == nullptr) return true;  // `by`, and extensions
  if (!member->empty() || value.find('\\') != Bytes::npos) return false;
  *member = value;
  return true;
}

/// Pairs between `;`, each of which may be missing, up to a comma or the end.
bool read_element(Reader& reader, ForwardedElement& element) {
  while (true) {
    reader.skip_spaces();
    if (reader.at_end() || reader.take(',')) return true;
    if (reader.take(';')) continue;
    if (!read_pair(reader, element)) return false;
    reader.skip_spaces();
    if (reader.at_end() || reader.take(',')) return true;
    if (!reader.take(';')) return false;
  }
}

}  // namespace

bool parse_forwarded(Bytes field, std::vector<ForwardedElement>& elements) {
  Reader reader(field);
  while (true) {
    reader.skip_empty_members();
    if (reader.at_end()) return true;
    if (elements.size() >= kMaxForwardedElements) return false;
    if (!read_element(reader, elements.emplace_back())) return false;
  }
}

void split_members(Bytes field, std::vector<Bytes>& members) {
  while (true) {
    const std::size_t comma = field.find(',');
    const Bytes member = trim(field.substr(0, comma));
    if (!member.empty()) members.push_back(member);
    if (comma == Bytes::npos) return;
    field.remove_prefix(comma + 1);
  }
}

std::optional<IpAddress> parse_node(Bytes text) {
  if (const auto address = IpAddress::parse(text)) return address;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == Bytes::npos) return std::nullopt;
    const Bytes rest = text.substr(end + 1);
    if (!rest.empty() && !rest.starts_with(':')) return std::nullopt;
    return IpAddress::parse(text.substr(1, end - 1));
  }
  const std::size_t colon = text.find(':');
  return colon == Bytes::npos ? std::nullopt : IpAddress::parse(text.substr(0, colon));
}

}  // namespace carillon::access
