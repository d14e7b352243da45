#include "access/grants.hpp"

#include <algorithm>

namespace carillon::access {

bool Grants::add(Bytes pattern, ActionSet actions) {
  const std::size_t star = pattern.find('*');
  const bool is_prefix = star != Bytes::npos;
  if (pattern.empty() || (is_prefix && star + 1 != pattern.size())) return false;
  if (grants_.size() == kMostGrants) return false;
  grants_.push_back(
      {.text = std::string(pattern.substr(0, star)), .actions = actions, .is_prefix = is_prefix});
  return true;
}

bool Grants::allow(Action action, Bytes channel) const {
  return std::ranges::any_of(grants_, [&](const Grant& grant) {
    return grant.covers(channel) && grant.actions.has(action);
  });
}

bool Grants::cover(Bytes channel) const {
  return std::ranges::any_of(grants_, [&](const Grant& grant) { return grant.covers(channel); });
}

}  // namespace carillon::access
