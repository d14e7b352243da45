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
  router.set_fallback(route(9), [](Bytes path) { return path == "/x"; });
  EXPECT_EQ(router.match("GET", "/x").route->body_limit_bytes, 9U);
  EXPECT_EQ(router.match("HEAD", "/x").route->body_limit_bytes, 9U);
  EXPECT_EQ(router.match("POST", "/x").miss, Router::Miss::MethodNotAllowed);
  EXPECT_EQ(router.match("POST", "/y").miss, Router::Miss::NotFound);
  EXPECT_EQ(router.allowed_methods("/x"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(router.allowed_methods("/y"), "");
  EXPECT_EQ(router.match("GET", "/a").miss, Router::Miss::MethodNotAllowed);
}

TEST(Router, ListsTheMethodsOfAPath) {
  Router router;
  router.add("GET", "/a", route(1));
  router.add("POST", "/a", route(1));
  EXPECT_EQ(router.allowed_methods("/a"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(router.allowed_methods("/x"), "");
}

TEST(Router, TriesAnExactPathFirstThenThePatternThatSaysMore) {
  Router router;
  router.add("GET", "/*", route(1));
  router.add("GET", "/rooms/:room", route(2));
  router.add("GET", "/rooms/*", route(3));
  router.add("GET", "/rooms/kitchen", route(4));
  EXPECT_EQ(router.match("GET", "/rooms/kitchen").route->body_limit_bytes, 4U);
  EXPECT_EQ(router.match("GET", "/rooms/garden").route->body_limit_bytes, 2U);
  EXPECT_EQ(router.match("GET", "/rooms/a/b").route->body_limit_bytes, 3U);
  EXPECT_EQ(router.match("GET", "/else").route->body_limit_bytes, 1U);
}

TEST(Router, GivesTheParametersOfThePath) {
  Router router;
  router.add("GET", "/:a/:b", route(1));
  const auto match = router.match("GET", "/x/y");
  ASSERT_EQ(match.parameters.size(), 2U);
  EXPECT_EQ(match.parameters[1].name, "b");
  EXPECT_EQ(match.parameters[1].value, "y");
}

TEST(Router, GoesOnToThePatternThatHasTheMethod) {
  Router router;
  router.add("GET", "/notes/me", route(1));
  router.add("DELETE", "/notes/:id", route(2));
  router.add("PUT", "/*", route(3));
  EXPECT_EQ(router.match("DELETE", "/notes/me").route->body_limit_bytes, 2U);
  EXPECT_EQ(router.match("PUT", "/notes/me").route->body_limit_bytes, 3U);
  EXPECT_EQ(router.match("PATCH", "/notes/me").miss, Router::Miss::MethodNotAllowed);
  EXPECT_EQ(router.allowed_methods("/notes/me"), "GET, HEAD, PUT, DELETE, OPTIONS");
}

TEST(Router, HasTheRouteOfHeadBeforeThatOfGet) {
  Router router;
  router.add("GET", "/a", route(1));
  router.add("HEAD", "/a", route(2));
  EXPECT_EQ(router.match("HEAD", "/a").route->body_limit_bytes, 2U);
  EXPECT_EQ(router.match("GET", "/a").route->body_limit_bytes, 1U);
}

TEST(Router, WrapsTheHandlersThatAreThereAndNoLaterOnes) {
  Router router;
  router.add("GET", "/a", route(1));
  router.add("GET", "/a/:b", route(2));
  router.set_fallback(route(3), [](Bytes) { return false; });
  int wrapped = 0;
  router.wrap_all([&wrapped](Handler handler) {
    ++wrapped;
    return handler;
  });
  router.add("GET", "/later", route(4));
  EXPECT_EQ(wrapped, 3);
  EXPECT_EQ(router.match("GET", "/a/x").route->body_limit_bytes, 2U);
}

TEST(Router, TellsWhyARouteCannotBe) {
  Router router;
  ASSERT_TRUE(router.try_add("GET", "/a/:x", route(1)));
  EXPECT_FALSE(router.try_add("GET", "/a/:y", route(1))) << "served already";
  EXPECT_TRUE(router.try_add("POST", "/a/:y", route(1)));
  EXPECT_FALSE(router.try_add("GET", "no_path", route(1)));
  EXPECT_FALSE(router.try_add("GET", "/:", route(1)));
  for (const Bytes method : {"OPTIONS", "TRACE", "CONNECT", "get", "PROPFIND", ""}) {
    EXPECT_FALSE(router.try_add(method, "/b", route(1))) << method;
  }
}

}  // namespace
}  // namespace carillon::transport
