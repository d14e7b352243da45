#include "access/forwarded.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace carillon::access {
namespace {

using Pairs = std::vector<std::pair<Bytes, Bytes>>;

std::optional<IpAddress> address(const char* text) {
  return IpAddress::parse(text).value();
}

AddressSet trusting(std::initializer_list<const char*> proxies) {
  AddressSet trusted;
  for (const char* proxy : proxies) EXPECT_TRUE(trusted.add(proxy)) << proxy;
  return trusted;
}

ForwardingFields fields_of(const Pairs& pairs) {
  ForwardingFields fields;
  for (const auto& [name, value] : pairs) fields.add(name, value);
  return fields;
}

/// From the proxy 10.0.0.1, by plain HTTP, for `inner:8000`; 10/8 is trusted.
Result<Requester, Decision> through_proxy(const Pairs& pairs) {
  return identify(Stance::Configured, trusting({"10.0.0.0/8"}),
                  {.peer = address("10.0.0.1"), .authority = "inner:8000"}, fields_of(pairs));
}

std::string client_of(const Pairs& pairs) {
  const auto requester = through_proxy(pairs);
  if (!requester) return "refused";
  EXPECT_EQ(requester->locality, Locality::Remote);
  return requester->address->text();
}

Locality locality_of(std::optional<IpAddress> peer, const Pairs& pairs = {}) {
  return identify(Stance::Configured, {}, {.peer = peer}, fields_of(pairs)).value().locality;
}

TEST(Identify, NeverTakesWhomARelaySpeaksForToBeLocal) {
  const auto relayed = [](std::optional<IpAddress> peer, const Pairs& pairs = {}) {
    return identify(Stance::Configured, trusting({"10.0.0.0/8", "unix:"}),
                    {.peer = peer, .source = PeerSource::Relay, .authority = "inner"},
                    fields_of(pairs))
        .value();
  };
  for (const auto& peer : {address("127.0.0.1"), address("::1"), std::optional<IpAddress>{}}) {
    EXPECT_EQ(relayed(peer).locality, Locality::Remote);
    EXPECT_EQ(relayed(peer).address, peer);
  }
  const Pairs fields = {{"X-Forwarded-For", "192.0.2.1"}, {"X-Forwarded-Proto", "https"}};
  EXPECT_EQ(relayed(address("10.0.0.1"), fields).address, address("192.0.2.1"));
  EXPECT_EQ(relayed(address("10.0.0.1"), fields).scheme, Scheme::Https);
  EXPECT_EQ(relayed(address("198.51.100.1"), fields).address, address("198.51.100.1"));
  // Whom the relay does not tell is not the Unix socket that is trusted.
  EXPECT_EQ(relayed(std::nullopt, fields).address, std::nullopt);
  EXPECT_EQ(relayed(std::nullopt, fields).scheme, Scheme::Http);
}

TEST(Identify, TakesTheSocketsWordWhereNoProxyShows) {
  for (const Stance stance : {Stance::LocalOnly, Stance::Configured}) {
    const auto requester = identify(
        stance, {}, {.peer = address("127.0.0.1"), .scheme = Scheme::Https, .authority = "a:1"},
        fields_of({{"Host", "a:1"}, {"Accept", "*/*"}, {"X-Forward", "x"}}));
    ASSERT_TRUE(requester);
    EXPECT_EQ(requester->locality, Locality::Loopback);
    EXPECT_EQ(requester->address, address("127.0.0.1"));
    EXPECT_EQ(requester->scheme, Scheme::Https);
    EXPECT_EQ(requester->authority, "a:1");
  }
  EXPECT_EQ(locality_of(std::nullopt), Locality::UnixSocket);
  EXPECT_EQ(locality_of(address("::1")), Locality::Loopback);
  EXPECT_EQ(locality_of(address("192.0.2.1")), Locality::Remote);
}

TEST(Identify, RefusesEveryTraceOfAProxyWithoutAnAccessSection) {
  for (const char* name : {"Forwarded", "X-Forwarded-For", "x-forwarded-proto", "X-FORWARDED-HOST",
                           "X-Forwarded-Port", "X-Forwarded-Anything", "Via", "vIA", "X-Real-IP"}) {
    const auto refused = identify(Stance::LocalOnly, trusting({"127.0.0.1"}),
                                  {.peer = address("127.0.0.1")}, fields_of({{name, ""}}));
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().verdict, Verdict::Forbidden);
    EXPECT_THAT(refused.error().reason, testing::HasSubstr(name));
    EXPECT_THAT(refused.error().reason, testing::HasSubstr("trusted_proxies = [\"127.0.0.1\"]"));
    EXPECT_THAT(refused.error().reason, testing::HasSubstr("[access]"));
  }
  const auto over_unix = identify(Stance::LocalOnly, {}, {}, fields_of({{"Via", "1.1 x"}}));
  EXPECT_THAT(over_unix.error().reason, testing::HasSubstr("trusted_proxies = [\"unix:\"]"));
}

TEST(Identify, IgnoresWhatStrangersSayButNeverTakesThemForLocal) {
  const auto requester = identify(Stance::Configured, trusting({"10.0.0.0/8"}),
                                  {.peer = address("127.0.0.1"), .authority = "a"},
                                  fields_of({{"X-Forwarded-For", "10.0.0.9"},
                                             {"X-Forwarded-Proto", "https"},
                                             {"X-Forwarded-Host", "evil.com"},
                                             {"Forwarded", "for=\"broken"}}));
  ASSERT_TRUE(requester);
  EXPECT_EQ(requester->locality, Locality::Remote);
  EXPECT_EQ(requester->address, address("127.0.0.1"));
  EXPECT_EQ(requester->scheme, Scheme::Http);
  EXPECT_EQ(requester->authority, "a");
  EXPECT_EQ(locality_of(address("127.0.0.1"), {{"Via", "1.1 x"}}), Locality::Remote);
  EXPECT_EQ(locality_of(std::nullopt, {{"X-Real-IP", "127.0.0.1"}}), Locality::Remote);
}

TEST(Identify, NeverTakesATrustedProxyForALocalClient) {
  // "Connection: X-Forwarded-For" makes some proxies drop the field they have just written.
  const auto over_loopback = identify(Stance::Configured, trusting({"127.0.0.1"}),
                                      {.peer = address("127.0.0.1")}, fields_of({}));
  EXPECT_EQ(over_loopback.value().locality, Locality::Remote);
  const auto over_unix = identify(Stance::Configured, trusting({"unix:"}), {}, fields_of({}));
  EXPECT_EQ(over_unix.value().locality, Locality::Remote);
}

TEST(Identify, NeverTakesAForwardedLoopbackAddressForALocalClient) {
  const auto requester = through_proxy({{"X-Forwarded-For", "127.0.0.1"}});
  EXPECT_EQ(requester.value().locality, Locality::Remote);
  EXPECT_EQ(through_proxy({{"Forwarded", "for=\"[::1]\""}}).value().locality, Locality::Remote);
}

TEST(Identify, WalksXForwardedForFromTheRight) {
  EXPECT_EQ(client_of({{"X-Forwarded-For", "203.0.113.7"}}), "203.0.113.7");
  EXPECT_EQ(client_of({{"X-Forwarded-For", "203.0.113.7:51234"}}), "203.0.113.7");
  EXPECT_EQ(client_of({{"X-Forwarded-For", "[2001:db8::7]:51234"}}), "2001:db8::7");
  EXPECT_EQ(client_of({{"X-Forwarded-For", "2001:db8::7"}}), "2001:db8::7");
  EXPECT_EQ(client_of({{"X-Forwarded-For", "203.0.113.7, 10.0.0.3, 10.0.0.2"}}), "203.0.113.7");
  EXPECT_EQ(client_of({{"x-forwarded-for", "203.0.113.7"}, {"X-Forwarded-For", "10.0.0.2"}}),
            "203.0.113.7");
}

TEST(Identify, DoesNotBelieveWhatTheClientPutBeforeItsOwnAddress) {
  EXPECT_EQ(client_of({{"X-Forwarded-For", "127.0.0.1, 203.0.113.7"}}), "203.0.113.7");
  EXPECT_EQ(client_of({{"X-Forwarded-For", "10.0.0.9,203.0.113.7"}}), "203.0.113.7");
  EXPECT_EQ(client_of({{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-For", "203.0.113.7"}}),
            "203.0.113.7");
  EXPECT_EQ(client_of({{"X-Forwarded-For", "\"><script>, , 203.0.113.7"}}), "203.0.113.7");
  EXPECT_EQ(client_of({{"Forwarded", "for=1.1.1.1, for=203.0.113.7"}}), "203.0.113.7");
  EXPECT_EQ(client_of({{"Forwarded", "for=1.1.1.1;for=2.2.2.2"}, {"Forwarded", "for=203.0.113.7"}}),
            "refused");
}

TEST(Identify, EndsAtTheLastAddressItCanRead) {
  EXPECT_EQ(client_of({{"X-Forwarded-For", "unknown"}}), "10.0.0.1");
  EXPECT_EQ(client_of({{"X-Forwarded-For", "1.1.1.1, unknown, 10.0.0.2"}}), "10.0.0.2");
  EXPECT_EQ(client_of({{"X-Forwarded-For", "127.1"}}), "10.0.0.1");
  EXPECT_EQ(client_of({{"X-Forwarded-For", "10.0.0.3, 10.0.0.2"}}), "10.0.0.3");
  EXPECT_EQ(client_of({{"X-Forwarded-For", ""}}), "10.0.0.1");
  EXPECT_EQ(client_of({{"Forwarded", "for=_hidden;proto=https"}}), "10.0.0.1");
  EXPECT_EQ(client_of({{"Forwarded", "proto=https"}}), "10.0.0.1");
  EXPECT_EQ(client_of({{"Via", "1.1 proxy"}}), "10.0.0.1");
}

TEST(Identify, RefusesTwoStoriesAboutOneClient) {
  for (const Pairs& pairs : {
           Pairs{{"X-Forwarded-For", "203.0.113.7"}, {"Forwarded", "for=1.1.1.1"}},
           Pairs{{"X-Forwarded-For", "203.0.113.7"}, {"Forwarded", "proto=https"}},
       }) {
    const auto refused = through_proxy(pairs);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().verdict, Verdict::BadRequest);
    EXPECT_THAT(refused.error().reason, testing::HasSubstr("remove the other"));
  }
  EXPECT_EQ(client_of({{"X-Forwarded-For", "203.0.113.7"}, {"Forwarded", "for=203.0.113.7"}}),
            "203.0.113.7");
  EXPECT_EQ(through_proxy({{"Forwarded", "for=\""}}).error().verdict, Verdict::BadRequest);
}

TEST(Identify, TakesSchemeAndHostFromTheHopOfTheClient) {
  struct Case {
    Pairs pairs;
    Scheme scheme;
    Bytes authority;
  };
  for (const Case& c : {
           Case{{{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Host", "a.com"}},
                Scheme::Https,
                "a.com"},
           Case{{{"X-Forwarded-For", "203.0.113.7"}, {"X-Forwarded-Proto", "HTTPS"}},
                Scheme::Https,
                "inner:8000"},
           Case{{{"X-Forwarded-Proto", "wss"}}, Scheme::Https, "inner:8000"},
           Case{{{"X-Forwarded-Proto", "gopher"}}, Scheme::Http, "inner:8000"},
           Case{{{"X-Forwarded-For", "203.0.113.7, 10.0.0.2"},
                 {"X-Forwarded-Proto", "https, http"},
                 {"X-Forwarded-Host", "a.com, b.internal"}},
                Scheme::Https,
                "a.com"},
           Case{{{"X-Forwarded-For", "6.6.6.6, 203.0.113.7, 10.0.0.2"},
                 {"X-Forwarded-Proto", "http, https, http"},
                 {"X-Forwarded-Host", "evil.com, a.com, b.internal"}},
                Scheme::Https,
                "a.com"},
           // A proxy that replaces instead of appending.
           Case{{{"X-Forwarded-For", "203.0.113.7, 10.0.0.3, 10.0.0.2"},
                 {"X-Forwarded-Proto", "https"},
                 {"X-Forwarded-Host", "a.com:8443"}},
                Scheme::Https,
                "a.com:8443"},
           Case{{{"Forwarded",
                  "for=203.0.113.7;proto=https;host=\"a.com:8443\", "
                  "for=10.0.0.2;proto=http;host=b.internal"}},
                Scheme::Https,
                "a.com:8443"},
           Case{{{"Forwarded", "for=6.6.6.6;host=evil.com, for=203.0.113.7"}},
                Scheme::Http,
                "inner:8000"},
           Case{{{"Forwarded", "for=_hidden;proto=https"}}, Scheme::Https, "inner:8000"},
           Case{{{"Forwarded", "for=203.0.113.7"}, {"X-Forwarded-Proto", "https"}},
                Scheme::Https,
                "inner:8000"},
       }) {
    const auto requester = through_proxy(c.pairs);
    ASSERT_TRUE(requester);
    EXPECT_EQ(requester->scheme, c.scheme) << c.pairs[0].second;
    EXPECT_EQ(requester->authority, c.authority) << c.pairs[0].second;
  }
}

TEST(Identify, TrustsUnixSocketsOnlyWhereTold) {
  const Pairs pairs = {{"X-Forwarded-For", "203.0.113.7"}};
  const auto trusted = identify(Stance::Configured, trusting({"unix:"}), {}, fields_of(pairs));
  EXPECT_EQ(trusted.value().address, address("203.0.113.7"));
  const auto ignored = identify(Stance::Configured, trusting({"0.0.0.0/0"}), {}, fields_of(pairs));
  EXPECT_EQ(ignored.value().address, std::nullopt);
}

}  // namespace
}  // namespace carillon::access
