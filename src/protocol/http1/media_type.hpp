// The value of Content-Type, read for what a handler asks: JSON, text or a form?
#pragma once

#include <optional>
#include <string>

#include "core/bytes.hpp"

namespace carillon::http1 {

/// Lifetime: views of the text that was parsed.
struct MediaType {
  Bytes type;        // as sent; is() ignores case
  Bytes subtype;     // as sent
  Bytes parameters;  // checked, from the first `;` on

  /// The value of the first parameter of that name, unquoted.
  std::optional<std::string> parameter(Bytes name) const;

  bool is(Bytes type_name, Bytes subtype_name) const;
  bool is_json() const;  // application/json or any +json
  bool is_text() const;  // text/*
  bool is_form_urlencoded() const { return is("application", "x-www-form-urlencoded"); }
};

/// Empty on anything that is not exactly one media type.
/// Source: RFC 9110 §8.3.1, §5.6.6.
std::optional<MediaType> parse_media_type(Bytes text);

}  // namespace carillon::http1
