#include "protocol/websocket/extension.hpp"

#include <utility>

#include "protocol/websocket/field_value.hpp"

namespace carillon::websocket {
namespace {

/// Reads one field line from left to right. RFC 6455 uses the grammar of RFC 2616, where
/// space may stand between any two tokens and separators.
class Cursor {
 public:
  explicit Cursor(Bytes line) : rest_(trimmed(line)) {}

  bool at_end() const { return rest_.empty(); }

  bool take(char separator) {
    if (!rest_.starts_with(separator)) return false;
    rest_ = trimmed(rest_.substr(1));
    return true;
  }

  /// Empty when there is no token here.
  Bytes take_token() {
    std::size_t length = 0;
    while (length < rest_.size() && is_token_character(rest_[length])) ++length;
    const Bytes token = rest_.substr(0, length);
    rest_ = trimmed(rest_.substr(length));
    return token;
  }

  /// The text between quotes, without its backslashes; what is in there must be a token too.
  std::optional<std::string> take_quoted() {
    std::string text;
    for (std::size_t at = 1; at < rest_.size(); ++at) {
      if (rest_[at] == '"') {
        rest_ = trimmed(rest_.substr(at + 1));
        return is_token(text) ? std::optional(std::move(text)) : std::nullopt;
      }
      if (rest_[at] == '\\' && ++at == rest_.size()) break;
      text.push_back(rest_[at]);
    }
    return std::nullopt;
  }

  std::optional<std::string> take_value() {
    if (rest_.starts_with('"')) return take_quoted();
    const Bytes token = take_token();
    return token.empty() ? std::nullopt : std::optional<std::string>(token);
  }

 private:
  Bytes rest_;
};

std::optional<Extension> take_extension(Cursor& cursor) {
  Extension extension{.name = cursor.take_token(), .parameters = {}};
  if (extension.name.empty()) return std::nullopt;
  while (cursor.take(';')) {
    ExtensionParameter parameter{.name = cursor.take_token(), .value = {}};
    if (parameter.name.empty() || extension.parameters.size() == kMaxListItems) return {};
    if (cursor.take('=')) {
      parameter.value = cursor.take_value();
      if (!parameter.value) return std::nullopt;
    }
    extension.parameters.push_back(std::move(parameter));
  }
  return extension;
}

/// Appends the extensions of one line. False when it does not match the grammar.
bool take_line(Cursor cursor, std::vector<Extension>& extensions) {
  while (!cursor.at_end()) {
    if (cursor.take(',')) continue;
    std::optional<Extension> extension = take_extension(cursor);
    if (!extension || extensions.size() == kMaxListItems) return false;
    extensions.push_back(std::move(*extension));
    if (!cursor.at_end() && !cursor.take(',')) return false;
  }
  return true;
}

}  // namespace

std::optional<std::vector<Extension>> parse_extensions(std::span<const Bytes> lines) {
  std::vector<Extension> extensions;
  for (const Bytes line : lines) {
    if (!take_line(Cursor(line), extensions)) return std::nullopt;
  }
  return extensions;
}

}  // namespace carillon::websocket
