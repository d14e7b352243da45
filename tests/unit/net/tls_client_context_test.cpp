#include "net/tls_client_context.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "net/tls_stage.hpp"
#include "tls_support.hpp"

namespace carillon::net {
namespace {

using test::TlsHost;
using testing::HasSubstr;

/// Both sides of a connection, and how far they came.
struct Meeting {
  Meeting(const TlsClientContext& trust, const std::string& host)
      : server(machine.context), client(trust.open(host)) {
    give({}, client, to_server);
    for (int turn = 0; turn < 4; ++turn) {
      give(std::exchange(to_server, {}), server, to_client);
      give(std::exchange(to_client, {}), client, to_server);
    }
  }

  static std::string give(const std::string& octets, TlsStage& side, std::string& answer) {
    std::vector<char> plain(TlsStage::plain_room(octets.size()));
    const auto got = side.decrypt(octets, plain, answer);
    return {plain.data(), got.plain_bytes};
  }

  TlsHost machine;
  TlsStage server;
  TlsStage client;
  std::string to_server;
  std::string to_client;
};

std::shared_ptr<const TlsClientContext> believer() {
  return TlsClientContext::of_authorities(test::self_signed_pem()).value();
}

TEST(TlsClientContextTest, SpeaksWithWhomItTrusts) {
  const auto trust = believer();
  for (const std::string host : {"localhost", "127.0.0.1", "::1"}) {
    Meeting meeting(*trust, host);
    ASSERT_TRUE(meeting.client.handshake_done()) << host << meeting.client.error();
    EXPECT_EQ(meeting.client.application_protocol(), "http/1.1");
    ASSERT_TRUE(meeting.client.encrypt("question", meeting.to_server));
    EXPECT_EQ(Meeting::give(meeting.to_server, meeting.server, meeting.to_client), "question");
  }
}

TEST(TlsClientContextTest, RefusesACertificateForAnotherHost) {
  const auto trust = believer();
  for (const std::string host : {"example.com", "127.0.0.2", "xlocalhost"}) {
    const Meeting meeting(*trust, host);
    EXPECT_FALSE(meeting.client.handshake_done()) << host;
    EXPECT_THAT(meeting.client.error(), HasSubstr("mismatch")) << host;
  }
}

TEST(TlsClientContextTest, RefusesWhomNobodyKnows) {
  const Meeting meeting(*TlsClientContext::of_system(), "localhost");
  EXPECT_FALSE(meeting.client.handshake_done());
  EXPECT_TRUE(meeting.client.failed());
  EXPECT_THAT(meeting.client.error(), HasSubstr("self-signed"));
}

TEST(TlsClientContextTest, MayTrustAnybody) {
  const Meeting meeting(*TlsClientContext::of_anybody(), "example.com");
  EXPECT_TRUE(meeting.client.handshake_done());
}

TEST(TlsClientContextTest, WantsCertificatesThatCanBeRead) {
  for (const std::string& pem : std::vector<std::string>{
           "", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
    EXPECT_FALSE(TlsClientContext::of_authorities(pem)) << pem;
  }
}

TEST(TlsClientContextTest, HasNoConnectionToWhatIsNoHost) {
  EXPECT_EQ(TlsClientContext::of_system()->open(std::string(300, 'x')), nullptr);
}

}  // namespace
}  // namespace carillon::net
