// Text of strangers on a terminal: it must not move the cursor, change the title or begin a line.
#pragma once

#include <string>

#include "core/bytes.hpp"

namespace carillon::app {

/// One line for people: what is not UTF-8 becomes U+FFFD, and control characters (C0, DEL, C1)
/// become spaces.
std::string printable(Bytes text);

/// The same JSON value with DEL and C1 control characters as escapes; C0 ones are escapes already.
/// `json` is valid and has no CR or LF.
std::string printable_json(Bytes json);

/// A message's data on one line: the text of a string where it can be shown as it is, otherwise
/// JSON. `json` as above.
std::string data_line(Bytes json);

}  // namespace carillon::app
