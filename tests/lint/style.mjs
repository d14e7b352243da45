// The measurable part of the house style: sizes, marks of unfinished work, and what is refused.
import { files, finish, read } from "./files.mjs";

const limits = { fileLines: 500, lineColumns: 100, functionLines: 70, niceFunctionLines: 40 };

/** @type {[RegExp, string][]} */
const refused = [
  [/\b(TODO|FIXME|XXX|HACK)\b/, "unfinished work belongs on no branch"],
  [/shared_ptr<\w*(Connection|Endpoint|Stream|Session)>/, "lifetime is the owner's: use a handle"],
  [/\bweak_ptr\b|weak_from_this/, "use a handle (core/slot_table.hpp)"],
  [/\[=/, "name what is captured"],
  [/\b(GTEST_SKIP|DISABLED_)/, "no test is skipped"],
  [/sleep_for|usleep\(/, "wait on a condition"],
  [/#include <(format|print|regex|iostream)>/, "not in gcc 12, unbounded on wire data, or spdlog's"],
  // gcc 12 leaks the members that were made before the error returned.
  [/(^|[{,])\s*\.\w+\s*=\s*TRY\(|\{\s*TRY\(/, "TRY is the whole right-hand side of a statement"],
];

const problems = [];
/** @type {number[]} */
const lengths = [];

/** @param {string} line */
function indent_of(line) {
  return line.length - line.trimStart().length;
}

/**
 * Functions as clang-format lays them out: a line that ends in ") … {" and its closing brace.
 * @param {string} file @param {string[]} lines
 */
function measureFunctions(file, lines) {
  lines.forEach((line, start) => {
    const indent = indent_of(line);
    const begins = /\)( const| noexcept| override| mutable| -> [\w:<>, *&]+)* \{$/.test(line) &&
      !/^\s*(if|for|while|switch|else|do|catch|\} else|return|static_assert)\b/.test(line) &&
      !/^\s*(namespace|extern)\b/.test(line);
    if (!begins || indent > 2) return;
    const end = lines.findIndex((other, index) => index > start && /^ *\}/.test(other) &&
      indent_of(other) <= indent);
    if (end < 0) return;
    const length = end - start + 1;
    lengths.push(length);
    if (length > limits.functionLines) {
      problems.push(`${file}:${start + 1}: a function of ${length} lines`);
    }
  });
}

for (const file of files(/^(src|include|examples|apps|tests|fuzz|bench|web|sdk|tools)\/.*\.(cpp|hpp|mjs|ts|tsx|css)$/)) {
  const lines = read(file).split("\n");
  const isLint = file.startsWith("tests/lint/");
  if (lines.length - 1 > limits.fileLines) problems.push(`${file}: ${lines.length - 1} lines`);
  lines.forEach((line, index) => {
    // Scripts are Prettier's to break.
    if (/\.(cpp|hpp)$/.test(file) && [...line].length > limits.lineColumns) {
      problems.push(`${file}:${index + 1}: ${[...line].length} columns`);
    }
    for (const [pattern, reason] of refused) {
      if (!isLint && pattern.test(line)) problems.push(`${file}:${index + 1}: ${reason}`);
    }
  });
  if (/^(src|apps)\/.*\.(cpp|hpp)$/.test(file)) measureFunctions(file, lines);
}

const nice = lengths.filter((length) => length <= limits.niceFunctionLines).length;
const share = ((100 * nice) / lengths.length).toFixed(1);
console.log(`${share} % of ${lengths.length} functions have at most ${limits.niceFunctionLines} lines`);
if (nice / lengths.length < 0.95) problems.push("too many long functions");
finish(problems, "the style holds");
