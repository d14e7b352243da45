// The vectors are one truth for the wire: the C++ tests read them here, the TypeScript tests with
// JSON.parse.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace carillon::testing {

/// A section of `tests/vectors/<file>.json`; tests run in the project's folder.
inline nlohmann::json read_vectors(const std::string& file_name, const std::string& section) {
  const std::string path = "tests/vectors/" + file_name + ".json";
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path + " from the folder of the test run");
  return nlohmann::json::parse(file).at(section);
}

inline std::string from_hex(std::string_view digits) {
  std::string octets;
  for (std::size_t at = 0; at + 2 <= digits.size(); at += 2) {
    octets.push_back(static_cast<char>(std::stoi(std::string(digits.substr(at, 2)), nullptr, 16)));
  }
  return octets;
}

/// A vector's octets: `text`, or `hex` for what is no UTF-8.
inline std::string octets_of(const nlohmann::json& vector) {
  if (vector.contains("hex")) return from_hex(vector.at("hex").get<std::string>());
  return vector.at("text").get<std::string>();
}

}  // namespace carillon::testing
