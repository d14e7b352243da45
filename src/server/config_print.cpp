#include "server/config_print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "server/config_keys.hpp"
#include "server/config_named.hpp"

namespace carillon::server {
namespace {

constexpr std::string_view kIntroduction =
    R"(# The settings of Carillon, each with its default, commented out: what you want otherwise,
# write without the `#` in front. Which file is read is for `carillon serve --config FILE` to
# say; there is no other. `carillon check-config --config FILE` tells what is wrong in one.
#
# Over this file stand environment variables, CARILLON_<SECTION>_<KEY>, with commas in lists:
#     CARILLON_SERVER_LISTEN=127.0.0.1:8000,unix:/run/carillon.sock
#     CARILLON_NAMESPACE_CHAT_OUTBOX=conflate
# and over these the flags of `carillon serve`. On SIGHUP the file is read again.
)";

/// A basic string (TOML 1.0).
std::string quoted_toml(std::string_view text) {
  std::string out = "\"";
  for (const char octet : text) {
    if (octet == '"' || octet == '\\') {
      out += '\\';
      out += octet;
    } else if (static_cast<unsigned char>(octet) < 0x20 || octet == 0x7f) {
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(octet));
    } else {
      out += octet;
    }
  }
  return out + '"';
}

/// Long numbers are easier to read in groups.
std::string grouped(std::int64_t integer) {
  std::string digits = std::to_string(integer);
  if (integer < 10'000) return digits;
  for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, 1, '_');
  return digits;
}

}  // namespace

std::string to_toml(const ConfigValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return grouped(*integer);
  if (const auto* text = std::get_if<std::string>(&value)) return quoted_toml(*text);
  std::string list;
  for (const std::string& text : std::get<std::vector<std::string>>(value)) {
    list += (list.empty() ? "" : ", ") + quoted_toml(text);
  }
  return '[' + list + ']';
}

namespace {

template <class Target>
std::string assignment(const ConfigKey<Target>& key, const Target& target) {
  return std::string(key.name) + " = " + to_toml(key.get(target)) + '\n';
}

/// The same, but for secrets that are set.
template <class Target>
std::string public_assignment(const ConfigKey<Target>& key, const Target& target) {
  if (key.rule.is_secret && key.get(target) != key.get(Target{})) {
    return "# " + std::string(key.name) + " is set, and not shown\n";
  }
  return assignment(key, target);
}

void append_comment(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += "# ";
    out += text.substr(0, end);
    out += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string documentation(std::string_view doc, const ValueRule& rule, ValueKind kind) {
  std::string text(doc);
  const auto separate = [&text] { text += text.empty() ? "" : "\n"; };
  if (kind == ValueKind::Integer) {
    separate();
    text += "From " + grouped(rule.least) + " to " + grouped(rule.most) + ".";
  } else if (!rule.choices.empty()) {
    separate();
    std::string choices;
    for (const std::string& choice : rule.choices) {
      choices += (choices.empty() ? "" : ", ") + quoted_toml(choice);
    }
    text += "One of " + choices + ".";
  }
  if (rule.reload == Reload::Restart) {
    separate();
    text += "Read at the start only.";
  }
  return text;
}

template <class Target>
void append_documented(std::string& out, const ConfigKey<Target>& key) {
  out += '\n';
  append_comment(out, documentation(key.doc, key.rule, key.kind()));
  out += '#' + assignment(key, Target{});
}

void append_named(std::string& out, std::string_view section) {
  for_each_named_section([&](const auto& named) {
    if (named.section != section) return;
    out += "#[" + std::string(section) + "." + std::string(named.example) + "]\n";
    for (const auto& key : named.keys()) append_documented(out, key);
  });
}

}  // namespace

std::string effective_toml(const Config& config) {
  std::string out;
  for (const ConfigSection& section : config_sections()) {
    if (is_named_section(section.name)) continue;
    const bool is_there =
        section.name != kAccessSection || config.access.stance == access::Stance::Configured;
    if (!is_there) continue;
    if (!out.empty()) out += '\n';
    out += '[' + std::string(section.name) + "]\n";
    for (const auto& key : config_keys()) {
      if (key.section == section.name) out += public_assignment(key, config);
    }
  }
  for_each_named_section([&](const auto& named) {
    for (const auto& [name, settings] : config.*named.table) {
      out += "\n[" + std::string(named.section) + "." + quoted_toml(name) + "]\n";
      for (const auto& key : named.keys()) out += public_assignment(key, settings);
    }
  });
  return out;
}

std::string template_toml() {
  std::string out(kIntroduction);
  for (const ConfigSection& section : config_sections()) {
    out += "\n\n";
    append_comment(out, section.doc);
    if (is_named_section(section.name)) {
      append_named(out, section.name);
      continue;
    }
    // An empty [access] is not the same as none; all others are.
    out += (section.name == kAccessSection ? "#[" : "[") + std::string(section.name) + "]\n";
    for (const auto& key : config_keys()) {
      if (key.section == section.name) append_documented(out, key);
    }
  }
  return out;
}

}  // namespace carillon::server
