#include "hub/namespace_settings.hpp"

#include <utility>

namespace carillon::hub {

NamespaceTable::NamespaceTable(NamespaceSettings fallback, Named named)
    : fallback_(fallback), named_(std::move(named)) {}

const NamespaceSettings& NamespaceTable::of(Bytes channel) const {
  const std::size_t colon = channel.find(':');
  if (colon == Bytes::npos) return fallback_;
  const auto found = named_.find(channel.substr(0, colon));
  return found == named_.end() ? fallback_ : found->second;
}

}  // namespace carillon::hub
