#include "apps/carillon/transport_choice.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "tests/vectors/read_vectors.hpp"

namespace carillon::app {
namespace {

const std::map<std::string, bool Requirements::*> kMembers{
    {"peerToPeer", &Requirements::peer_to_peer},
    {"videoStreaming", &Requirements::video_streaming},
    {"clientToServer", &Requirements::client_to_server},
    {"serverToClient", &Requirements::server_to_client},
    {"highFrequency", &Requirements::high_frequency},
    {"gaming", &Requirements::gaming},
    {"simple", &Requirements::simple},
    {"binary", &Requirements::binary},
    {"infrequent", &Requirements::infrequent},
};

TEST(TransportChoiceTest, AnswersAsTheVectorsSay) {
  std::set<std::string> used;
  for (const auto& vector : testing::read_vectors("choose", "choose")) {
    Requirements needs;
    for (const std::string name : vector.at("requirements")) {
      needs.*kMembers.at(name) = true;
      used.insert(name);
    }
    const TransportChoice choice = choose_transport(needs);
    EXPECT_EQ(choice.technology, vector.at("answer").get<std::string>()) << vector.dump();
    EXPECT_FALSE(choice.reason.empty());
    EXPECT_FALSE(choice.offer.empty());
  }
  EXPECT_EQ(used.size(), kMembers.size()) << "each requirement is in a vector";
}

}  // namespace
}  // namespace carillon::app
