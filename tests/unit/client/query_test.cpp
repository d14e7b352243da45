#include "client/query.hpp"

#include <gtest/gtest.h>

namespace carillon::client {
namespace {

TEST(QueryTest, AppendsEncodedParameters) {
  std::string target = "/api/messages";
  append_parameter(target, "channel", "a:b/c@d|e+f=g~h!i-");
  append_parameter(target, "after", "k3f9:42,-");
  append_parameter(target, "key", "ä &?#%");
  EXPECT_EQ(target,
            "/api/messages?channel=a:b/c%40d%7Ce%2Bf%3Dg~h%21i-&after=k3f9:42,-"
            "&key=%C3%A4%20%26%3F%23%25");
}

}  // namespace
}  // namespace carillon::client
