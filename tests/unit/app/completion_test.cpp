#include "apps/carillon/completion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/carillon/manual.hpp"

namespace carillon::app {
namespace {

using testing::HasSubstr;

CommandFacts program() {
  return {.name = "bell",
          .description = "A bell.",
          .commands = {{.name = "ring",
                        .description = "Ring it, it's 'yours': [now]",
                        .options = {{.names = {"-t", "--tone"},
                                     .value = "TONE",
                                     .choices = {"low", "high"},
                                     .description = ".5 or a \\ tone",
                                     .variable = "BELL_TONE",
                                     .standard = "low"},
                                    {.names = {"--score"}, .value = "FILE", .description = "Play"},
                                    {.names = {"--tower"}, .value = "DIR", .description = "Where"}},
                        .arguments = {{.names = {},
                                       .value = "TIMES",
                                       .description = "How often",
                                       .is_required = true,
                                       .is_repeated = true}}}}};
}

TEST(CompletionTest, KnowsItsShells) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    EXPECT_TRUE(completion_script(shell, program())) << shell;
  }
  EXPECT_FALSE(completion_script("tcsh", program()));
}

TEST(CompletionTest, WritesBash) {
  const std::string script = bash_completion(program());
  EXPECT_THAT(script, HasSubstr("-t|--tone) COMPREPLY=($(compgen -W 'low high' -- \"$word\"))"));
  EXPECT_THAT(script, HasSubstr("--score) COMPREPLY=($(compgen -f"));
  EXPECT_THAT(script, HasSubstr("--tower) COMPREPLY=($(compgen -d"));
  EXPECT_THAT(script, HasSubstr("complete -F _bell bell\n"));
}

TEST(CompletionTest, QuotesWhatShellsWouldRead) {
  EXPECT_THAT(zsh_completion(program()),
              HasSubstr(R"('ring:Ring it, it'\''s '\''yours'\''\: \[now\]')"));
  EXPECT_THAT(zsh_completion(program()), HasSubstr("'--tone[.5 or a \\ tone]:TONE:(low high)'"));
  EXPECT_THAT(fish_completion(program()), HasSubstr(R"(-d 'Ring it, it\'s \'yours\': [now]')"));
  EXPECT_THAT(fish_completion(program()), HasSubstr(R"(-s t -l tone -d '.5 or a \\ tone' -x -a)"));
}

TEST(ManualTest, EscapesWhatRoffWouldRead) {
  const std::string page = manual_page(program(), "1.2");
  EXPECT_THAT(page, HasSubstr("\n\\&.5 or a \\e tone. Default: low. Or the variable BELL_TONE.\n"));
  EXPECT_THAT(page, HasSubstr("\\fB\\-t\\fR, \\fB\\-\\-tone\\fR low|high\n"));
  EXPECT_THAT(page, HasSubstr(".B bell ring\n[\\fIoptions\\fR] \\fITIMES\\fR...\n"));
}

}  // namespace
}  // namespace carillon::app
