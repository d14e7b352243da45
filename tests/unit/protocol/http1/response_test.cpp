#include "protocol/http1/response.hpp"

#include <gtest/gtest.h>

namespace carillon::http1 {
namespace {

std::string written(const ResponseHead& head, Framing framing, const ResponseOptions& options) {
  std::string out;
  append_response_head(out, head, framing, options);
  return out;
}

std::string written(int status, Framing framing, const ResponseOptions& options = {}) {
  return written(ResponseHead{.status = status}, framing, options);
}

constexpr ResponseOptions kClose{.persistence = Persistence::Close};
constexpr ResponseOptions kOld{.request_version = Version::Http10};
constexpr ResponseOptions kOldClose{.request_version = Version::Http10,
                                    .persistence = Persistence::Close};

TEST(Response, HasStatusLineDateFieldsAndFraming) {
  ResponseHead head;
  head.fields.add("Content-Type", "text/plain");
  std::string out = "before ";
  append_response_head(out, head, Framing::content_length(5),
                       {.date = "Sun, 06 Nov 1994 08:49:37 GMT"});
  EXPECT_EQ(out,
            "before HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\n");
}

TEST(Response, TellsEachFraming) {
  EXPECT_EQ(written(200, Framing::chunked()),
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(written(404, Framing::none()), "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(written(200, Framing::content_length(18446744073709551615U)),
            "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n");
  EXPECT_EQ(written(200, Framing::until_close(), kOld),
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
}

TEST(Response, TellsNoFramingWhereTheLawForbidsIt) {
  for (const Framing framing : {Framing::none(), Framing::content_length(0), Framing::chunked()}) {
    EXPECT_EQ(written(204, framing), "HTTP/1.1 204 No Content\r\n\r\n");
    EXPECT_EQ(written(100, framing), "HTTP/1.1 100 Continue\r\n\r\n");
  }
  EXPECT_EQ(written(304, Framing::none()), "HTTP/1.1 304 Not Modified\r\n\r\n");
  EXPECT_EQ(written(304, Framing::content_length(7)),
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n");
}

TEST(Response, SaysWhetherTheConnectionPersists) {
  EXPECT_EQ(written(204, Framing::none(), kClose),
            "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(written(204, Framing::none(), kOld),
            "HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(written(204, Framing::none(), kOldClose),
            "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
}

TEST(Response, SwitchesProtocolsWithTheCallersFieldsAlone) {
  ResponseHead head{.status = 101};
  head.fields.add("Connection", "Upgrade");
  head.fields.add("Upgrade", "websocket");
  EXPECT_EQ(
      written(head, Framing::none(), {.persistence = Persistence::Close, .date = "x"}),
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
}

TEST(Response, LetsNoFieldContradictTheFraming) {
  ResponseHead head;
  head.fields.add("content-LENGTH", "9");
  head.fields.add("Transfer-Encoding", "gzip");
  EXPECT_EQ(written(head, Framing::content_length(1), {}),
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n");
}

TEST(Response, HasAnEmptyReasonForAnUnregisteredStatus) {
  EXPECT_EQ(written(299, Framing::none()), "HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(reason_phrase(100), "Continue");
  EXPECT_EQ(reason_phrase(511), "Network Authentication Required");
  EXPECT_EQ(reason_phrase(0), "");
  EXPECT_EQ(reason_phrase(600), "");
}

TEST(Response, IsNotStreamedInChunksToAnOldClient) {
  EXPECT_EQ(Framing::streamed(Version::Http10), Framing::until_close());
  EXPECT_EQ(Framing::streamed(Version::Http11), Framing::chunked());
}

TEST(Chunks, HaveTheirSizeInHexadecimal) {
  std::string out;
  append_chunk(out, "hello");
  append_chunk(out, "");
  append_chunk(out, std::string(26, 'x'));
  append_last_chunk(out);
  EXPECT_EQ(out, "5\r\nhello\r\n1a\r\n" + std::string(26, 'x') + "\r\n0\r\n\r\n");
}

}  // namespace
}  // namespace carillon::http1
