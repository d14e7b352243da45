#include "access/token_json.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace carillon::access {
namespace {

constexpr int kMostLevels = 16;

}  // namespace

std::optional<nlohmann::json> parse_token_json(Bytes text) {
  using Event = nlohmann::json::parse_event_t;
  std::vector<std::set<std::string>> names;
  bool is_strict = true;
  const auto look = [&](int depth, Event event, const nlohmann::json& value) {
    if (depth > kMostLevels) is_strict = false;
    if (event == Event::object_start) names.emplace_back();
    if (event == Event::object_end) names.pop_back();
    if (event == Event::key && !names.back().insert(value.get<std::string>()).second) {
      is_strict = false;
    }
    return is_strict;
  };
  nlohmann::json parsed = nlohmann::json::parse(text.begin(), text.end(), look, false);
  if (!is_strict || !parsed.is_object()) return std::nullopt;
  return parsed;
}

}  // namespace carillon::access
