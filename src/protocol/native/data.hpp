// The application's bytes: never understood here, only told apart.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "core/bytes.hpp"

namespace carillon::native {

enum class DataKind : std::uint8_t {
  Json,    // one JSON value in UTF-8 without CR and LF
  Binary,  // any octets
};

/// The data of a publication, borrowed from the request's text where it stands there as it is.
/// Lifetime: a borrowed one ends with the text; an owned one is its own.
class Data {
 public:
  Data() = default;
  static Data borrowed(DataKind kind, Bytes bytes) { return {kind, bytes}; }
  static Data owned(DataKind kind, std::string bytes) { return {kind, std::move(bytes)}; }

  DataKind kind() const { return kind_; }
  Bytes view() const {
    const auto* bytes = std::get_if<std::string>(&bytes_);
    return bytes != nullptr ? Bytes(*bytes) : std::get<Bytes>(bytes_);
  }

 private:
  Data(DataKind kind, std::variant<Bytes, std::string> bytes)
      : kind_(kind), bytes_(std::move(bytes)) {}

  DataKind kind_ = DataKind::Json;
  std::variant<Bytes, std::string> bytes_ = Bytes("null");
};

}  // namespace carillon::native
