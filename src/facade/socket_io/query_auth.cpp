#include "facade/socket_io/query_auth.hpp"

#include <cstddef>
#include <string>
#include <vector>

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
  std::string text;
  json::ObjectWriter object(text);
  for (std::size_t i = 0; parameters && i < parameters->size(); ++i) {
    const Bytes name = parameters->at(i).first;
    const std::vector<Bytes> values = parameters->find_all(name);
    const bool is_first = values.front().data() == parameters->at(i).second.data();
    if (is_first) append_values(object.begin_any(name), values);
  }
  object.finish();
  return socket_io::Value::json(text);
}

}  // namespace carillon::facade
