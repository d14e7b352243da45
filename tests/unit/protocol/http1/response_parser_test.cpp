#include "protocol/http1/response_parser.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

namespace carillon::http1 {
namespace {

struct Exchange {
  const char* name;
  Bytes method;
  Bytes octets;
  Bytes result;  // what transcript() gives
};

void drain(ResponseParser& parser, Bytes& input, std::string& text) {
  while (true) {
    const auto event = parser.poll(input);
    if (!event) {
      text += fmt::format("error {}", explain(event.error()));
      return;
    }
    if (!event->has_value()) return;
    if (std::holds_alternative<HeadComplete>(**event)) {
      const bool keep = parser.keep_alive();
      const ResponseHead head = parser.take_head();
      text += fmt::format("{}{} ", head.status, keep ? "" : " close");
      parser.limit_body(100);
    } else if (const auto* body = std::get_if<BodyPiece>(&**event)) {
      text.append(body->bytes);
    } else {
      text += ".";
      return;
    }
  }
}

/// Heads, bodies, `.` for an end, `|` and what the parser left, and how the connection's end was.
std::string transcript(const Exchange& exchange, std::size_t piece_bytes) {
  const Limits limits;
  ResponseParser parser(limits);
  parser.expect(exchange.method);
  std::string text;
  Bytes rest = exchange.octets;
  std::string left;
  while (!rest.empty()) {
    Bytes input = rest.substr(0, piece_bytes);
    rest.remove_prefix(input.size());
    if (text.ends_with('.')) {
      left.append(input);
      continue;
    }
    drain(parser, input, text);
    if (text.find("error") != std::string::npos) return text;
    left.append(input);
  }
  if (!left.empty()) text += "|" + left;
  const auto end = parser.on_end();
  if (!end) return text + fmt::format("error {}", explain(end.error()));
  return text + (end->has_value() ? " closed" : "");
}

constexpr std::array kExchanges{
    Exchange{"length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "200 hi."},
    Exchange{"no reason", "GET", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", "200 ."},
    Exchange{"obs-text in the reason", "GET", "HTTP/1.1 404 \xE9t\xE9\r\nContent-Length: 0\r\n\r\n",
             "404 ."},
    Exchange{"chunked", "GET",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a\r\nhi\r\n0\r\nX: y\r\n\r\n",
             "200 hi."},
    Exchange{"until close", "GET", "HTTP/1.1 200 OK\r\n\r\nhi", "200 close hi closed"},
    Exchange{"until close, empty", "GET", "HTTP/1.0 200 OK\r\n\r\n", "200 close  closed"},
    Exchange{"close", "GET", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
             "200 close ."},
    Exchange{"HTTP/1.0", "GET", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "200 close ."},
    Exchange{"HTTP/1.0 kept alive", "GET",
             "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", "200 ."},
    Exchange{"HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", "200 ."},
    Exchange{"204", "GET", "HTTP/1.1 204 No Content\r\n\r\n", "204 ."},
    Exchange{"304", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "304 ."},
    Exchange{"interim", "POST",
             "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
             "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
             "200 x."},
    Exchange{"switch", "GET", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nabc",
             "101 .|abc"},
    Exchange{"tunnel", "CONNECT", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "200 .|abc"},
    Exchange{"refused tunnel", "CONNECT", "HTTP/1.1 403 No\r\nContent-Length: 1\r\n\r\nx",
             "403 x."},
    Exchange{"next response", "GET",
             "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 500 X\r\n\r\n",
             "200 x.|HTTP/1.1 500 X\r\n\r\n"},
};

struct Bad {
  const char* name;
  Bytes octets;
  ParseError error;
};

constexpr std::array kBad{
    Bad{"a request", "GET / HTTP/1.1\r\n\r\n", ParseError::InvalidStatusLine},
    Bad{"empty line first", "\r\nHTTP/1.1 200 OK\r\n\r\n", ParseError::InvalidStatusLine},
    Bad{"lower case", "http/1.1 200 OK\r\n\r\n", ParseError::InvalidStatusLine},
    Bad{"two digits", "HTTP/1.1 20 OK\r\n\r\n", ParseError::InvalidStatusLine},
    Bad{"four digits", "HTTP/1.1 2000 OK\r\n\r\n", ParseError::InvalidStatusLine},
    Bad{"below 100", "HTTP/1.1 099 OK\r\n\r\n", ParseError::InvalidStatusLine},
    Bad{"no space after the status", "HTTP/1.1 200\r\n\r\n", ParseError::InvalidStatusLine},
    Bad{"control octet in the reason", "HTTP/1.1 200 O\x01\r\n\r\n", ParseError::InvalidStatusLine},
    Bad{"version 2", "HTTP/2.0 200 OK\r\n\r\n", ParseError::UnsupportedVersion},
    Bad{"LF", "HTTP/1.1 200 OK\n\n", ParseError::BareLineFeed},
    Bad{"LF in the status", "HTTP/1.1 2\n0 OK\r\n\r\n", ParseError::BareLineFeed},
    Bad{"CR", "HTTP/1.1 200 OK\r\r\n\r\n", ParseError::BareCarriageReturn},
    Bad{"folding", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n", ParseError::ObsoleteFolding},
    Bad{"length and chunked",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        ParseError::ContentLengthWithTransferEncoding},
    Bad{"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
        ParseError::RepeatedContentLength},
    Bad{"bad length", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        ParseError::InvalidContentLength},
    Bad{"gzip", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        ParseError::UnknownTransferCoding},
    Bad{"chunked in 1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        ParseError::TransferEncodingInHttp10},
    Bad{"length over the limit", "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n",
        ParseError::BodyTooLarge},
    Bad{"cut in the status line", "HTTP/1.1 2", ParseError::Truncated},
    Bad{"cut in the fields", "HTTP/1.1 200 OK\r\nContent", ParseError::Truncated},
    Bad{"cut after an interim response's head", "HTTP/1.1 100 Continue\r\nX",
        ParseError::Truncated},
    Bad{"cut in a body", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx", ParseError::Truncated},
    Bad{"cut in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nx",
        ParseError::Truncated},
};

TEST(ResponseParser, ReadsTheSameHoweverTheOctetsAreCut) {
  for (const Exchange& exchange : kExchanges) {
    for (std::size_t piece = 1; piece <= exchange.octets.size(); ++piece) {
      EXPECT_EQ(transcript(exchange, piece), exchange.result) << exchange.name << " by " << piece;
    }
  }
}

TEST(ResponseParser, RefusesTheSameHoweverTheOctetsAreCut) {
  for (const Bad& bad : kBad) {
    for (std::size_t piece = 1; piece <= bad.octets.size(); ++piece) {
      const std::string text = transcript({bad.name, "GET", bad.octets, ""}, piece);
      EXPECT_TRUE(text.ends_with(fmt::format("error {}", explain(bad.error))))
          << bad.name << " by " << piece << ": " << text;
    }
  }
}

TEST(ResponseParser, LimitsTheStatusLineAndABodyThatEndsWithTheConnection) {
  const std::string line = "HTTP/1.1 200 " + std::string(600, 'a');
  EXPECT_EQ(transcript({"", "GET", line, ""}, 7),
            fmt::format("error {}", explain(ParseError::InvalidStatusLine)));
  const std::string body = "HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'a');
  EXPECT_TRUE(transcript({"", "GET", body, ""}, 7).ends_with(explain(ParseError::BodyTooLarge)));
}

TEST(ResponseParser, ForgetsTheMethodAfterEachResponse) {
  const Limits limits;
  ResponseParser parser(limits);
  parser.expect("HEAD");
  Bytes head = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n";
  const Bytes again = head;
  std::string text;
  drain(parser, head, text);
  head = again;
  drain(parser, head, text);
  EXPECT_EQ(text, "200 .200 ");
  EXPECT_EQ(parser.on_end().error(), ParseError::Truncated);
  EXPECT_EQ(parser.poll(head).error(), ParseError::Truncated);
}

TEST(ResponseParser, TakesAnEndBetweenResponsesForClean) {
  const Limits limits;
  ResponseParser parser(limits);
  EXPECT_FALSE(parser.on_end().value());
}

}  // namespace
}  // namespace carillon::http1
