#include "protocol/sse/parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "protocol/sse/encode.hpp"
#include "tests/vectors/read_vectors.hpp"

namespace carillon::sse {
namespace {

using testing::octets_of;
using testing::read_vectors;
using Json = nlohmann::json;

struct OutputToJson {
  Json operator()(const Event& event) const {
    return {{"event", {{"name", event.name}, {"data", event.data}, {"id", event.id}}}};
  }
  Json operator()(const Comment& comment) const { return {{"comment", comment.text}}; }
  Json operator()(const Retry& retry) const { return {{"retry_ms", retry.wait.count()}}; }
};

/// Feeds one piece; its copy lets a sanitizer see a read behind its end.
void feed(Parser& parser, const std::string& piece, Json& outputs) {
  Bytes input = piece;
  for (;;) {
    const auto output = parser.next(input);
    ASSERT_TRUE(output);
    if (!*output) break;
    outputs.push_back(std::visit(OutputToJson(), **output));
  }
  EXPECT_TRUE(input.empty());
}

Json parse_in_pieces(const std::vector<std::string>& pieces) {
  Parser parser;
  Json outputs = Json::array();
  for (const std::string& piece : pieces) feed(parser, piece, outputs);
  return outputs;
}

TEST(SseParser, ReadsEveryVector) {
  for (const Json& vector : read_vectors("sse", "parse")) {
    Parser parser;
    Json outputs = Json::array();
    feed(parser, octets_of(vector), outputs);
    EXPECT_EQ(outputs, vector["outputs"]) << vector["name"];
    if (vector.contains("last_event_id")) {
      EXPECT_EQ(parser.last_event_id(), vector["last_event_id"].get<std::string>());
    }
  }
}

TEST(SseParser, ReadsEveryVectorCutAtEveryOctet) {
  for (const Json& vector : read_vectors("sse", "parse")) {
    const std::string stream = octets_of(vector);
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
      EXPECT_EQ(parse_in_pieces({stream.substr(0, cut), stream.substr(cut)}), vector["outputs"])
          << vector["name"] << " cut at " << cut;
    }
  }
}

TEST(SseParser, ReadsEveryVectorOctetByOctet) {
  for (const Json& vector : read_vectors("sse", "parse")) {
    std::vector<std::string> octets;
    for (const char octet : octets_of(vector)) octets.emplace_back(1, octet);
    EXPECT_EQ(parse_in_pieces(octets), vector["outputs"]) << vector["name"];
  }
}

TEST(SseParser, ReadsWhatTheEncoderWrites) {
  for (const Json& vector : read_vectors("sse", "encode")) {
    Parser parser;
    Json outputs = Json::array();
    feed(parser, vector["stream"].get<std::string>(), outputs);
    ASSERT_EQ(outputs.size(), 1U);
    const Json& event = outputs[0]["event"];
    const auto name = vector["name"].get<std::string>();
    EXPECT_EQ(event["name"], name.empty() ? "message" : name);
    EXPECT_EQ(event["id"], vector.value("id", ""));
  }
}

TEST(SseParser, HandsOutOneOutputAtATime) {
  Parser parser;
  Bytes input = "data: a\n\ndata: b\n\n";
  EXPECT_EQ(std::get<Event>(**parser.next(input)).data, "a");
  EXPECT_EQ(input, "data: b\n\n");
  EXPECT_EQ(std::get<Event>(**parser.next(input)).data, "b");
  EXPECT_FALSE(*parser.next(input));
}

TEST(SseParser, ARestartDropsWhatIsIncompleteAndKeepsTheId) {
  Parser parser;
  Json outputs = Json::array();
  feed(parser, "id: 7\ndata: a\n\nid: 8\nevent: x\ndata: b\nda", outputs);
  parser.restart();
  EXPECT_EQ(parser.last_event_id(), "7");
  outputs.clear();
  feed(parser,
       "\xef\xbb\xbf"
       "data: c\n\n",
       outputs);
  EXPECT_EQ(outputs, Json::parse(R"([{"event":{"name":"message","data":"c","id":"7"}}])"));
}

TEST(SseParser, ALineFeedAfterARestartIsALineOfItsOwn) {
  Parser parser;
  Json outputs = Json::array();
  feed(parser, "data: a\r", outputs);
  parser.restart();
  // So the byte order mark is not at the start, and makes its line an unknown field.
  feed(parser,
       "\n\xef\xbb\xbf"
       "data: b\n\n",
       outputs);
  EXPECT_EQ(outputs, Json::array());
}

/// What becomes of `stream` under small limits, given octet by octet.
std::optional<ParseError> error_of(Bytes stream) {
  Parser parser({.line_bytes = 10, .data_bytes = 8});
  for (const char octet : stream) {
    Bytes input(&octet, 1);
    while (!input.empty()) {
      const auto output = parser.next(input);
      if (!output) return output.error();
    }
  }
  return std::nullopt;
}

TEST(SseParser, RefusesALineOverItsLimit) {
  EXPECT_EQ(error_of(":123456789\n\n"), std::nullopt);
  EXPECT_EQ(error_of(":1234567890"), ParseError::LineTooLong);
  EXPECT_EQ(error_of(std::string(100, 'x')), ParseError::LineTooLong);
}

TEST(SseParser, RefusesDataOverItsLimit) {
  EXPECT_EQ(error_of("data:1234\ndata:567\n\n"), std::nullopt);
  EXPECT_EQ(error_of("data:1234\ndata:5678\n"), ParseError::DataTooLong);
  EXPECT_EQ(error_of("data\ndata\ndata\ndata\ndata\ndata\ndata\ndata\ndata\n\n"), std::nullopt);
  EXPECT_EQ(error_of("data\ndata\ndata\ndata\ndata\ndata\ndata\ndata\ndata\ndata\n"),
            ParseError::DataTooLong);
}

TEST(SseParser, TheFirstErrorIsFinalUntilARestart) {
  Parser parser({.line_bytes = 4, .data_bytes = 4});
  Bytes input = "12345";
  EXPECT_EQ(parser.next(input).error(), ParseError::LineTooLong);
  input = ":\n";
  EXPECT_EQ(parser.next(input).error(), ParseError::LineTooLong);
  input = "";
  EXPECT_EQ(parser.next(input).error(), ParseError::LineTooLong);
  parser.restart();
  input = ":\n";
  EXPECT_TRUE(parser.next(input));
}

}  // namespace
}  // namespace carillon::sse
