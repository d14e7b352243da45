#include "protocol/websocket/extension.hpp"

#include <gtest/gtest.h>

#include <string>

#include "protocol/websocket/field_value.hpp"

namespace carillon::websocket {
namespace {

using Lines = std::vector<Bytes>;

/// One extension per line, parameters after `;`, values after `=`; `!` where it is refused.
std::string read(const Lines& lines) {
  const auto extensions = parse_extensions(lines);
  if (!extensions) return "!";
  std::string text;
  for (const Extension& extension : *extensions) {
    text.append(extension.name);
    for (const ExtensionParameter& parameter : extension.parameters) {
      text.append(";").append(parameter.name);
      if (parameter.value) text.append("=").append(*parameter.value);
    }
    text.append("\n");
  }
  return text;
}

TEST(Extension, ReadsWhatBrowsersOffer) {
  EXPECT_EQ(read({"permessage-deflate; client_max_window_bits"}),
            "permessage-deflate;client_max_window_bits\n");
  EXPECT_EQ(read({"permessage-deflate; client_max_window_bits; server_max_window_bits=10, "
                  "permessage-deflate"}),
            "permessage-deflate;client_max_window_bits;server_max_window_bits=10\n"
            "permessage-deflate\n");
}

TEST(Extension, ReadsTheExamplesOfTheRfc) {
  EXPECT_EQ(read({"foo"}), "foo\n");
  EXPECT_EQ(read({"bar; baz=2"}), "bar;baz=2\n");
  EXPECT_EQ(read({"foo, bar; baz=2"}), "foo\nbar;baz=2\n");
  EXPECT_EQ(read({"deflate-stream", "mux; max-channels=4; flow-control, deflate-stream"}),
            "deflate-stream\nmux;max-channels=4;flow-control\ndeflate-stream\n");
}

TEST(Extension, ReadsQuotedValuesAndSpaceBetweenAnything) {
  EXPECT_EQ(read({"a;b=\"c\""}), "a;b=c\n");
  EXPECT_EQ(read({" a\t;\tb = \"c\\d\" , e "}), "a;b=cd\ne\n");
  EXPECT_EQ(read({",a,,b,", ",", ""}), "a\nb\n");
  EXPECT_EQ(read({}), "");
}

TEST(Extension, RefusesWhatDoesNotMatchTheGrammar) {
  for (const Bytes line :
       {"a b",          ";a",     "a;",      "a;;b",     "a;=b",        "a;b=",       "a;b=,c",
        "a;b=c d",      "a;b=\"", "a;b=\"c", "a;b=\"\"", "a;b=\"c d\"", "a;b=\"c\"d", "a;b=\"c\\",
        "a;b=\"\\\"\"", "a=b",    "a/b",     "\"a\"",    "a;b=\"c,d\"", "\x80"}) {
    EXPECT_EQ(read({line}), "!") << line;
  }
}

TEST(Extension, RefusesALineThatIsCutInsideAnItem) {
  EXPECT_EQ(read({"a;b=", "c"}), "!");
  EXPECT_EQ(read({"a;b=\"c", "d\""}), "!");
}

TEST(Extension, BoundsExtensionsAndParameters) {
  std::string parameters = "a";
  std::string extensions;
  for (std::size_t count = 0; count < kMaxListItems; ++count) {
    parameters.append(";p");
    extensions.append("e,");
  }
  EXPECT_NE(read({parameters}), "!");
  EXPECT_EQ(read({parameters + ";p"}), "!");
  EXPECT_NE(read({extensions}), "!");
  EXPECT_EQ(read({extensions, "e"}), "!");
}

}  // namespace
}  // namespace carillon::websocket
