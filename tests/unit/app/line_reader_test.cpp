#include "apps/carillon/line_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "net/unique_fd.hpp"

namespace carillon::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A pipe whose writing end is the test's.
struct Pipe {
  Pipe() {
    int ends[2] = {-1, -1};
    EXPECT_EQ(::pipe(ends), 0);
    out.reset(ends[0]);
    in.reset(ends[1]);
  }
  void write(const std::string& text) const {
    EXPECT_EQ(::write(in.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  net::UniqueFd out;
  net::UniqueFd in;
};

TEST(LineReaderTest, GivesWhatIsThereAndTheRestLater) {
  Pipe pipe;
  LineReader reader(pipe.out.get());
  pipe.write("one\n\ntw");
  EXPECT_THAT(reader.next().value(), ElementsAre("one", ""));
  pipe.write("o\nlast");
  EXPECT_THAT(reader.next().value(), ElementsAre("two"));
  pipe.in.reset();
  EXPECT_THAT(reader.next().value(), ElementsAre("last"));
  EXPECT_THAT(reader.next().value(), IsEmpty());
  EXPECT_THAT(reader.next().value(), IsEmpty());
}

TEST(LineReaderTest, GivesTheSameLinesHoweverTheyCome) {
  const std::string text = "a\nbb\n\nccc\r\n\xff\nend";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Pipe pipe;
    LineReader reader(pipe.out.get());
    std::vector<std::string> lines;
    const auto take = [&] {
      const std::vector<std::string> more = reader.next().value();
      lines.insert(lines.end(), more.begin(), more.end());
    };
    pipe.write(text.substr(0, cut));
    if (text.substr(0, cut).find('\n') != std::string::npos) take();
    pipe.write(text.substr(cut));
    pipe.in.reset();
    for (std::size_t before = 0; before != lines.size() || lines.empty();) {
      before = lines.size();
      take();
    }
    EXPECT_THAT(lines, ElementsAre("a", "bb", "", "ccc\r", "\xff", "end")) << cut;
  }
}

TEST(LineReaderTest, GivesNoMoreAtATimeThanItsLimits) {
  Pipe pipe;
  LineReader reader(pipe.out.get(), {.batch_lines = 2, .batch_bytes = 5, .line_bytes = 10});
  pipe.write("a\nb\nc\n12345\nd\n");
  EXPECT_THAT(reader.next().value(), ElementsAre("a", "b"));
  EXPECT_THAT(reader.next().value(), ElementsAre("c", "12345"));
  EXPECT_THAT(reader.next().value(), ElementsAre("d"));
  pipe.write("0123456789\n");
  EXPECT_THAT(reader.next().value(), ElementsAre("0123456789"));
  pipe.write("0123456789x");
  EXPECT_FALSE(reader.next().has_value());
}

TEST(LineReaderTest, GivesAllOfItAsOneText) {
  Pipe pipe;
  LineReader reader(pipe.out.get(), {.line_bytes = 10});
  pipe.write("a\nb\n");
  pipe.in.reset();
  EXPECT_EQ(reader.rest().value(), "a\nb\n");
  Pipe large;
  LineReader other(large.out.get(), {.line_bytes = 10});
  large.write("0123456789x");
  EXPECT_FALSE(other.rest().has_value());
}

TEST(LineReaderTest, TellsWhatTheSystemSays) {
  EXPECT_EQ(LineReader(-1).next().error(), "Bad file descriptor");
}

}  // namespace
}  // namespace carillon::app
