#include "facade/socket_io/query_auth.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "core/utf8.hpp"
#include "protocol/http1/query.hpp"
#include "protocol/json/writer.hpp"

namespace carillon::facade {
namespace {

void append_values(std::string& out, const std::vector<Bytes>& values) {
  if (values.size() == 1) return json::append_string(out, values.front());
  for (std::size_t i = 0; i < values.size(); ++i) {
    out.push_back(i == 0 ? '[' : ',');
    json::append_string(out, values[i]);
  }
  out.push_back(']');
}

}  // namespace

socket_io::Value auth_of_query(Bytes query) {
  const auto parameters = http1::QueryParameters::parse(query);
  // By names as they will be written: two that are no UTF-8 may become one.
  std::vector<std::pair<std::string, std::vector<Bytes>>> members;
  for (std::size_t i = 0; parameters && i < parameters->size(); ++i) {
    const auto [octets, value] = parameters->at(i);
    const std::string name = to_utf8(octets);
    const auto known =
        std::ranges::find(members, name, [](const auto& each) { return each.first; });
    if (known == members.end()) {
      members.push_back({name, {value}});
    } else {
      known->second.push_back(value);
    }
  }
  std::string text;
  json::ObjectWriter object(text);
  for (const auto& [name, values] : members) append_values(object.begin_any(name), values);
  object.finish();
  return socket_io::Value::json(text);
}

}  // namespace carillon::facade
