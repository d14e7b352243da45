#include "protocol/socketio/placeholder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace carillon::socketio {
namespace {

/// The text with each placeholder as `<number>`, or `<?>` without one.
std::string marked(const std::string& json) {
  std::string out;
  std::size_t done = 0;
  for (const Placeholder& each : find_placeholders(json)) {
    out += json.substr(done, each.offset - done);
    out += "<" + (each.number ? std::to_string(*each.number) : "?") + ">";
    done = each.offset + each.length;
  }
  return out + json.substr(done);
}

TEST(SocketioPlaceholder, IsFoundWhereverItStands) {
  EXPECT_EQ(marked(R"({"_placeholder":true,"num":0})"), "<0>");
  EXPECT_EQ(marked(R"( {"num" : 3 , "_placeholder" : true} )"), " <3> ");
  EXPECT_EQ(marked(R"([1,{"a":{"_placeholder":true,"num":1}},[{"_placeholder":true,"num":2}]])"),
            R"([1,{"a":<1>},[<2>]])");
  EXPECT_EQ(marked(R"({"\u005fplaceholder":true,"n\u0075m":7})"), "<7>");
}

TEST(SocketioPlaceholder, MayHaveOtherMembersAndHidesWhatIsInside) {
  EXPECT_EQ(marked(R"([{"x":{"_placeholder":true,"num":5},"_placeholder":true,"num":1}])"),
            "[<1>]");
  EXPECT_EQ(marked(R"({"_placeholder":true,"num":1,"x":[1,{"num":9}]})"), "<1>");
}

TEST(SocketioPlaceholder, MayHaveNoNumber) {
  for (const auto* const number : {"", R"(,"num":"1")", R"(,"num":1.5)", R"(,"num":-1)",
                                   R"(,"num":null)", R"(,"num":[1])", R"(,"num":99999999999)"}) {
    EXPECT_EQ(marked(std::string(R"({"_placeholder":true)") + number + "}"), "<?>") << number;
  }
}

TEST(SocketioPlaceholder, IsNothingThatOnlyLooksLikeOne) {
  for (const std::string_view json :
       {R"("_placeholder")", R"(["_placeholder",true])", R"({"_placeholder":false,"num":0})",
        R"({"_placeholder":"true","num":0})", R"({"_placeholder":[true],"num":0})",
        R"({"a":"{\"_placeholder\":true,\"num\":0}"})", R"({"a":"_placeholder","b":true})",
        R"(true)", R"(12)", R"({"\\\"_placeholder":true})"}) {
    EXPECT_TRUE(find_placeholders(json).empty()) << json;
  }
}

TEST(SocketioPlaceholder, IsRenumberedAfterOthers) {
  std::string out = "2:";
  append_renumbered(out, R"([{"num":1,"_placeholder":true},"x",{"_placeholder":true,"num":0}])", 2,
                    3);
  EXPECT_EQ(out, R"(2:[{"_placeholder":true,"num":4},"x",{"_placeholder":true,"num":3}])");
}

TEST(SocketioPlaceholder, OfNoAttachmentOfItsOwnBecomesNull) {
  std::string out;
  append_renumbered(out, R"([{"_placeholder":true,"num":1},{"_placeholder":true}])", 1, 0);
  EXPECT_EQ(out, "[null,null]");
}

}  // namespace
}  // namespace carillon::socketio
