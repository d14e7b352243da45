#include "transport/common/router.hpp"

#include <gtest/gtest.h>

#include "transport/common/exchange.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {
namespace {

Route route(std::uint64_t body_limit_bytes) {
  return {.handler = [](Worker&, Exchange&) {}, .body_limit_bytes = body_limit_bytes};
}

TEST(Router, FindsTheRouteOfAMethodAndAPath) {
  Router router;
  router.add("GET", "/a", route(1));
  router.add("POST", "/a", route(2));
  router.add("GET", "/b", route(3));
  EXPECT_EQ(router.match("GET", "/a").route->body_limit_bytes, 1U);
  EXPECT_EQ(router.match("POST", "/a").route->body_limit_bytes, 2U);
  EXPECT_EQ(router.match("GET", "/b").route->body_limit_bytes, 3U);
}

TEST(Router, ServesHeadByTheRouteOfGet) {
  Router router;
  router.add("GET", "/a", route(1));
  EXPECT_EQ(router.match("HEAD", "/a").route->body_limit_bytes, 1U);
  router.add("POST", "/p", route(1));
  EXPECT_EQ(router.match("HEAD", "/p").miss, Router::Miss::MethodNotAllowed);
}

TEST(Router, TellsAnUnknownPathFromAMethodThatIsNotAllowed) {
  Router router;
  router.add("GET", "/a", route(1));
  EXPECT_EQ(router.match("GET", "/x").route, nullptr);
  EXPECT_EQ(router.match("GET", "/x").miss, Router::Miss::NotFound);
  EXPECT_EQ(router.match("POST", "/a").route, nullptr);
  EXPECT_EQ(router.match("POST", "/a").miss, Router::Miss::MethodNotAllowed);
  EXPECT_EQ(router.match("get", "/a").miss, Router::Miss::MethodNotAllowed);
  EXPECT_EQ(router.match("GET", "/a/").miss, Router::Miss::NotFound);
}

TEST(Router, GivesPathsWithoutARouteToTheFallbackForReadingOnly) {
  Router router;
  router.add("POST", "/a", route(1));
  router.set_fallback(route(9));
  EXPECT_EQ(router.match("GET", "/x").route->body_limit_bytes, 9U);
  EXPECT_EQ(router.match("HEAD", "/x").route->body_limit_bytes, 9U);
  EXPECT_EQ(router.match("POST", "/x").route, nullptr);
  EXPECT_EQ(router.match("GET", "/a").miss, Router::Miss::MethodNotAllowed);
}

TEST(Router, ListsTheMethodsOfAPath) {
  Router router;
  router.add("GET", "/a", route(1));
  router.add("POST", "/a", route(1));
  EXPECT_EQ(router.allowed_methods("/a"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(router.allowed_methods("/x"), "");
}

}  // namespace
}  // namespace carillon::transport
