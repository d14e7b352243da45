#include "protocol/websocket/deflate_offer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace carillon::websocket {
namespace {

constexpr DeflatePolicy kFresh{};
constexpr DeflatePolicy kTakenOver{.server_context = Context::TakenOver,
                                   .client_context = Context::TakenOver};

/// The response to one field, `-` where everything is declined.
std::string answer(Bytes field, const DeflatePolicy& policy = kFresh) {
  const std::array lines{field};
  const auto offers = parse_extensions(lines);
  EXPECT_TRUE(offers) << field;
  const auto agreement = agree_on_deflate(*offers, policy);
  return agreement ? agreement->response : "-";
}

DeflateParameters agreed(Bytes field, const DeflatePolicy& policy) {
  const std::array lines{field};
  return agree_on_deflate(*parse_extensions(lines), policy)->parameters;
}

const std::string kBoth =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

TEST(DeflateOffer, IsAnsweredWithFreshContextsUnlessTheyMayBeTakenOver) {
  EXPECT_EQ(answer("permessage-deflate"), kBoth);
  EXPECT_EQ(answer("permessage-deflate", kTakenOver), "permessage-deflate");
  EXPECT_EQ(agreed("permessage-deflate", kFresh), DeflateParameters{});
  EXPECT_EQ(agreed("permessage-deflate", kTakenOver),
            (DeflateParameters{.server_context = Context::TakenOver,
                               .client_context = Context::TakenOver}));
}

TEST(DeflateOffer, HoldsToTheContextsThatAreAskedFor) {
  EXPECT_EQ(answer("permessage-deflate; server_no_context_takeover", kTakenOver),
            "permessage-deflate; server_no_context_takeover");
  EXPECT_EQ(answer("permessage-deflate; client_no_context_takeover", kTakenOver),
            "permessage-deflate; client_no_context_takeover");
  EXPECT_EQ(answer(kBoth, kTakenOver), kBoth);
  EXPECT_EQ(answer(kBoth), kBoth);
}

TEST(DeflateOffer, HoldsToTheServersWindow) {
  for (const char* bits : {"9", "10", "11", "12", "13", "14", "15"}) {
    const std::string field = std::string("permessage-deflate; server_max_window_bits=") + bits;
    EXPECT_EQ(answer(field), kBoth + "; server_max_window_bits=" + bits);
    EXPECT_EQ(std::to_string(agreed(field, kFresh).server_window_bits), bits);
  }
  EXPECT_EQ(answer("permessage-deflate; server_max_window_bits=\"10\"", kTakenOver),
            "permessage-deflate; server_max_window_bits=10");
  EXPECT_EQ(answer("permessage-deflate; server_max_window_bits=15", {.window_bits = 12}),
            kBoth + "; server_max_window_bits=12");
  EXPECT_EQ(agreed("permessage-deflate", {.window_bits = 12}).server_window_bits, 12);
}

TEST(DeflateOffer, LimitsTheClientsWindowOnlyWhereItMay) {
  const DeflatePolicy small{.window_bits = 10};
  EXPECT_EQ(answer("permessage-deflate; client_max_window_bits"), kBoth);
  EXPECT_EQ(answer("permessage-deflate; client_max_window_bits", small),
            kBoth + "; client_max_window_bits=10");
  EXPECT_EQ(answer("permessage-deflate; client_max_window_bits=12", small),
            kBoth + "; client_max_window_bits=10");
  EXPECT_EQ(answer("permessage-deflate; client_max_window_bits=9", small), kBoth);
  EXPECT_EQ(answer("permessage-deflate", small), kBoth);
  EXPECT_EQ(agreed("permessage-deflate", small).client_window_bits, 15);
  EXPECT_EQ(agreed("permessage-deflate; client_max_window_bits=9", small).client_window_bits, 9);
  EXPECT_EQ(agreed("permessage-deflate; client_max_window_bits=8", small).client_window_bits, 8);
  EXPECT_EQ(agreed("permessage-deflate; client_max_window_bits", small).client_window_bits, 10);
}

TEST(DeflateOffer, IsDeclinedForAnythingOdd) {
  for (const char* field : {
           "permessage-bzip2",
           "x-webkit-deflate-frame",
           "Permessage-Deflate",
           "permessage-deflate; server_max_window_bits=8",
           "permessage-deflate; server_max_window_bits",
           "permessage-deflate; server_max_window_bits=7",
           "permessage-deflate; server_max_window_bits=16",
           "permessage-deflate; server_max_window_bits=09",
           "permessage-deflate; server_max_window_bits=010",
           "permessage-deflate; server_max_window_bits=-9",
           "permessage-deflate; server_max_window_bits=+9",
           "permessage-deflate; server_max_window_bits=9.0",
           "permessage-deflate; server_max_window_bits=4294967305",
           "permessage-deflate; server_max_window_bits=x",
           "permessage-deflate; client_max_window_bits=7",
           "permessage-deflate; client_max_window_bits=16",
           "permessage-deflate; client_max_window_bits=0",
           "permessage-deflate; client_max_window_bits=08",
           "permessage-deflate; client_max_window_bits=ten",
           "permessage-deflate; server_no_context_takeover=1",
           "permessage-deflate; client_no_context_takeover=true",
           "permessage-deflate; client_no_context_takeover=\"yes\"",
           "permessage-deflate; Server_no_context_takeover",
           "permessage-deflate; unknown",
           "permessage-deflate; unknown=1",
           "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
           "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
           "permessage-deflate; server_max_window_bits=10; server_max_window_bits=10",
           "permessage-deflate; client_max_window_bits; client_max_window_bits=10",
       }) {
    EXPECT_EQ(answer(field), "-") << field;
  }
}

TEST(DeflateOffer, FollowedByOthersIsTheFirstThatCanBeHonoured) {
  EXPECT_EQ(answer("permessage-bzip2, permessage-deflate"), kBoth);
  EXPECT_EQ(answer("permessage-deflate; unknown, permessage-deflate; server_max_window_bits=8, "
                   "permessage-deflate; server_max_window_bits=11, permessage-deflate"),
            kBoth + "; server_max_window_bits=11");
  EXPECT_EQ(answer("permessage-deflate, permessage-deflate; server_max_window_bits=11"), kBoth);
  EXPECT_EQ(answer("permessage-deflate; server_max_window_bits=8, permessage-deflate; "
                   "client_max_window_bits=99"),
            "-");
  EXPECT_FALSE(agree_on_deflate({}, kFresh));
}

/// Every combination of valid parameters under every policy: never more than was asked for.
TEST(DeflateOffer, OfEveryKindIsAnsweredWithinItsBounds) {
  const std::vector<std::string> server_bits{"", "; server_max_window_bits=9",
                                             "; server_max_window_bits=15"};
  const std::vector<std::string> client_bits{
      "", "; client_max_window_bits", "; client_max_window_bits=8", "; client_max_window_bits=13"};
  const std::vector<std::string> contexts{
      "", "; server_no_context_takeover", "; client_no_context_takeover",
      "; client_no_context_takeover; server_no_context_takeover"};
  for (const DeflatePolicy& policy :
       {kFresh, kTakenOver, DeflatePolicy{.window_bits = 9}, DeflatePolicy{.window_bits = 14}}) {
    for (const auto& server : server_bits) {
      for (const auto& client : client_bits) {
        for (const auto& context : contexts) {
          const std::string field = "permessage-deflate" + server + client + context;
          const std::string response = answer(field, policy);
          const DeflateParameters parameters = agreed(field, policy);
          EXPECT_LE(parameters.server_window_bits, policy.window_bits);
          EXPECT_EQ(response.contains("server_max_window_bits"), !server.empty()) << field;
          EXPECT_FALSE(client.empty() && response.contains("client_max_window_bits")) << field;
          EXPECT_EQ(response.contains("server_no_context_takeover"),
                    parameters.server_context == Context::Fresh);
          EXPECT_EQ(response.contains("client_no_context_takeover"),
                    parameters.client_context == Context::Fresh);
          const bool asked_fresh = context.contains("server_no");
          EXPECT_FALSE(asked_fresh && parameters.server_context == Context::TakenOver) << field;
        }
      }
    }
  }
}

}  // namespace
}  // namespace carillon::websocket
