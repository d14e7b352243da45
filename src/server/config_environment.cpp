#include "server/config_environment.hpp"

#include <charconv>

#include "access/decision.hpp"
#include "server/config_keys.hpp"
#include "server/config_named.hpp"
#include "server/config_nearest.hpp"

namespace carillon::server {
namespace {

constexpr std::string_view kPrefix = "CARILLON_";

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& octet : out) {
    if (octet >= 'a' && octet <= 'z') octet = static_cast<char>(octet - 'a' + 'A');
  }
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& octet : out) {
    if (octet >= 'A' && octet <= 'Z') octet = static_cast<char>(octet - 'A' + 'a');
  }
  return out;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> members;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    std::string_view member = text.substr(0, comma);
    while (member.starts_with(' ')) member.remove_prefix(1);
    while (member.ends_with(' ')) member.remove_suffix(1);
    if (!member.empty()) members.emplace_back(member);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return members;
}

/// What is left of a variable's name after `CARILLON_<SECTION>_`; empty: it is of another section.
std::optional<std::string_view> rest_in(std::string_view variable, std::string_view section) {
  const std::string prefix = std::string(kPrefix) + upper(section) + "_";
  if (!variable.starts_with(prefix)) return std::nullopt;
  return variable.substr(prefix.size());
}

bool is_service_link(std::string_view rest) {
  return rest == "PORT" || rest.starts_with("PORT_") || rest == "SERVICE_HOST" ||
         rest == "SERVICE_PORT" || rest.starts_with("SERVICE_PORT_");
}

/// `<NAME>_<KEY>`; a name is lower-case here, since that is how names usually are.
template <class Target>
void apply_named(const NamedSection<Target>& named, std::string_view rest, const std::string& text,
                 const Place& place, ConfigDraft& draft) {
  for (const auto& key : named.keys()) {
    const std::string suffix = "_" + upper(key.name);
    if (!rest.ends_with(suffix)) continue;
    const std::string name = lower(rest.substr(0, rest.size() - suffix.size()));
    if (!draft.open<Target>(name, place)) return;
    const auto value = value_from_text(key.kind(), text);
    draft.set(name, key, value.value_or(ConfigValue(text)), place);
    return;
  }
  std::string message = "unknown setting of [" + std::string(named.section) + ".NAME]; there are " +
                        std::string(kPrefix) + upper(named.section) + "_<NAME>_ with";
  for (const auto& key : named.keys()) message += " " + upper(key.name);
  draft.note(place, std::move(message));
}

void note_unknown(const std::string& variable, std::string_view section, std::string_view rest,
                  ConfigDraft& draft) {
  std::vector<std::string> known;
  for (const auto& key : config_keys()) {
    if (key.section == section) known.push_back(upper(key.name));
  }
  const std::string prefix = variable.substr(0, variable.size() - rest.size());
  std::string message = "unknown setting; ";
  if (const auto nearest = nearest_name(rest, known)) {
    message += "did you mean " + prefix + *nearest + "?";
  } else {
    message += "there are " + prefix + " with";
    for (const std::string& name : known) message += " " + name;
  }
  draft.note({.source = variable}, std::move(message));
}

void apply_variable(const std::string& variable, const std::string& text, ConfigDraft& draft) {
  const Place place{.source = variable};
  for (const auto& key : config_keys()) {
    if (variable_of(key) != variable) continue;
    if (key.section == kAccessSection) draft.open_access();
    set_from_text(key, text, place, draft);
    return;
  }
  for (const ConfigSection& section : config_sections()) {
    const auto rest = rest_in(variable, section.name);
    if (!rest || is_service_link(*rest)) continue;
    if (!is_named_section(section.name)) {
      return note_unknown(variable, section.name, *rest, draft);
    }
    for_each_named_section([&](const auto& named) {
      if (named.section == section.name) apply_named(named, *rest, text, place, draft);
    });
    return;
  }
}

}  // namespace

std::optional<ConfigValue> value_from_text(ValueKind kind, std::string_view text) {
  if (kind == ValueKind::Text) return std::string(text);
  if (kind == ValueKind::TextList) return split(text);
  std::int64_t integer = 0;
  const char* past = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), past, integer);
  if (error != std::errc{} || end != past) return std::nullopt;
  return integer;
}

void set_from_text(const ConfigKey<Config>& key, std::string_view text, const Place& place,
                   ConfigDraft& draft) {
  // A text that is no integer stays a text, which the key refuses with the right words.
  const auto value = value_from_text(key.kind(), text);
  draft.set(key, value.value_or(ConfigValue(std::string(text))), place);
}

std::string variable_of(const ConfigKey<Config>& key) {
  return std::string(kPrefix) + upper(key.section) + "_" + upper(key.name);
}

void apply_environment(const std::vector<std::pair<std::string, std::string>>& environment,
                       ConfigDraft& draft) {
  for (const auto& [variable, text] : environment) apply_variable(variable, text, draft);
}

}  // namespace carillon::server
