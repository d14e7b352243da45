#include "access/token_json.hpp"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace carillon::access {
namespace {

using nlohmann::json;

constexpr std::size_t kMostLevels = 16;

/// Looks at the text once before a tree is made of it, and stops where it finds fault. (The parser
/// with a callback takes a time that grows with the square of what it reads.)
class Strictness final : public nlohmann::json_sax<json> {
 public:
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }
  bool string(string_t& /*value*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }
  bool start_object(std::size_t /*size*/) override { return begin(); }
  bool end_object() override { return end(); }
  bool start_array(std::size_t /*size*/) override { return begin(); }
  bool end_array() override { return end(); }
  bool key(string_t& name) override { return levels_.back().insert(name).second; }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return false;
  }

 private:
  bool begin() {
    levels_.emplace_back();
    return levels_.size() <= kMostLevels;
  }
  bool end() {
    levels_.pop_back();
    return true;
  }

  std::vector<std::set<std::string>> levels_;  // the names of each object that is open
};

}  // namespace

std::optional<json> parse_token_json(Bytes text) {
  Strictness strictness;
  if (!json::sax_parse(text.begin(), text.end(), &strictness)) return std::nullopt;
  json parsed = json::parse(text.begin(), text.end(), nullptr, false);
  if (!parsed.is_object()) return std::nullopt;
  return parsed;
}

}  // namespace carillon::access
