#include "server/config_named.hpp"

#include <algorithm>
#include <cstddef>

namespace carillon::server {
namespace {

constexpr std::size_t kMaxNamespaceBytes = 127;  // of a channel's name, less the colon
constexpr std::size_t kMaxKeyNameBytes = 64;

bool is_word_octet(char octet) {
  return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') ||
         (octet >= '0' && octet <= '9') || octet == '_' || octet == '-';
}

/// What may stand in a channel's name, but for the colon.
bool is_namespace_octet(char octet) {
  return is_word_octet(octet) || std::string_view("./@|+=~!").find(octet) != std::string_view::npos;
}

bool is_namespace(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNamespaceBytes &&
         std::ranges::all_of(name, is_namespace_octet);
}

bool is_key_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxKeyNameBytes &&
         std::ranges::all_of(name, is_word_octet);
}

}  // namespace

const NamedSection<NamespaceConfig>& namespace_section() {
  static const NamedSection<NamespaceConfig> section{
      .section = "namespace",
      .example = "chat",
      .keys = namespace_keys,
      .table = &Config::namespaces,
      .is_name = is_namespace,
      .name_rule =
          "is no namespace: it is what stands before the first colon in a channel's name, 1 to "
          "127 of A-Z a-z 0-9 _ . / @ | + = ~ ! -",
      .without = "is as [history] and [access] now"};
  return section;
}

const NamedSection<ApiKeyConfig>& api_key_section() {
  static const NamedSection<ApiKeyConfig> section{
      .section = "api_key",
      .example = "back_end",
      .keys = api_key_keys,
      .table = &Config::api_keys,
      .is_name = is_key_name,
      .name_rule = "is no name of an API key: 1 to 64 of A-Z a-z 0-9 _ -",
      .without = "is gone: its secret does not count any more"};
  return section;
}

}  // namespace carillon::server
