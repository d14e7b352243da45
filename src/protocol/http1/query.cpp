#include "protocol/http1/query.hpp"

#include <algorithm>

#include "protocol/http1/percent.hpp"

namespace carillon::http1 {

Result<QueryParameters, ParseError> QueryParameters::parse(Bytes query) {
  QueryParameters parameters;
  std::string& text = parameters.text_;
  text.reserve(query.size());
  const auto separators = static_cast<std::size_t>(std::ranges::count(query, '&'));
  if (!query.empty()) parameters.entries_.reserve(std::min(separators + 1, kMaximumCount));
  while (!query.empty()) {
    const Bytes piece = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(piece.size() + 1, query.size()));
    if (piece.empty()) continue;
    if (parameters.size() == kMaximumCount) return std::unexpected(ParseError::TooManyParameters);

    const std::size_t equals = std::min(piece.find('='), piece.size());
    const Bytes value = piece.substr(std::min(equals + 1, piece.size()));
    const std::size_t name_begin = text.size();
    if (!append_percent_decoded(text, piece.substr(0, equals), Plus::Space)) {
      return std::unexpected(ParseError::InvalidPercentEncoding);
    }
    const std::size_t value_begin = text.size();
    if (!append_percent_decoded(text, value, Plus::Space)) {
      return std::unexpected(ParseError::InvalidPercentEncoding);
    }
    parameters.entries_.push_back({static_cast<std::uint32_t>(name_begin),
                                   static_cast<std::uint32_t>(value_begin - name_begin),
                                   static_cast<std::uint32_t>(text.size() - value_begin)});
  }
  return parameters;
}

std::pair<Bytes, Bytes> QueryParameters::at(std::size_t index) const {
  const Entry& entry = entries_[index];
  const Bytes text = text_;
  return {text.substr(entry.name_begin, entry.name_length),
          text.substr(entry.name_begin + entry.name_length, entry.value_length)};
}

std::optional<Bytes> QueryParameters::find(Bytes name) const {
  for (std::size_t index = 0; index < size(); ++index) {
    const auto [candidate, value] = at(index);
    if (candidate == name) return value;
  }
  return std::nullopt;
}

std::vector<Bytes> QueryParameters::find_all(Bytes name) const {
  std::vector<Bytes> values;
  for (std::size_t index = 0; index < size(); ++index) {
    const auto [candidate, value] = at(index);
    if (candidate == name) values.push_back(value);
  }
  return values;
}

}  // namespace carillon::http1
