#include "access/revocation_text.hpp"

#include <array>
#include <charconv>
#include <optional>

#include "core/base64.hpp"
#include "core/hash.hpp"

namespace carillon::access {
namespace {

constexpr std::size_t kChecksumDigits = 16;

std::string checksum_of(Bytes content) {
  constexpr Bytes kDigits = "0123456789abcdef";
  std::uint64_t sum = siphash({}, content);
  std::string text(kChecksumDigits, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, sum >>= 4) {
    *digit = kDigits[sum & 0xf];
  }
  return text;
}

/// What stands before the next space, which is taken away too.
Bytes next_word(Bytes& line) {
  const std::size_t space = std::min(line.find(' '), line.size());
  const Bytes word = line.substr(0, space);
  line.remove_prefix(std::min(space + 1, line.size()));
  return word;
}

std::optional<std::int64_t> number_of(Bytes word) {
  std::int64_t number = 0;
  const char* const last = word.data() + word.size();
  const auto [end, error] = std::from_chars(word.data(), last, number);
  if (error != std::errc{} || end != last) return std::nullopt;
  return number;
}

std::optional<Revocation> read_line(Bytes line) {
  if (line.size() <= kChecksumDigits || line[kChecksumDigits] != ' ') return std::nullopt;
  Bytes content = line.substr(kChecksumDigits + 1);
  if (checksum_of(content) != line.substr(0, kChecksumDigits)) return std::nullopt;
  const auto kind = number_of(next_word(content));
  const auto before = number_of(next_word(content));
  const auto until = number_of(next_word(content));
  auto name = base64_decode(content);
  const auto last_kind = static_cast<std::int64_t>(RevocationKind::Everybody);
  if (!kind || *kind < 0 || *kind > last_kind || !before || !until || !name) return std::nullopt;
  return Revocation{.kind = static_cast<RevocationKind>(*kind),
                    .name = *std::move(name),
                    .before = {*before},
                    .until = {*until}};
}

}  // namespace

void append_revocation(std::string& out, const Revocation& revocation) {
  std::string content = std::to_string(static_cast<int>(revocation.kind)) + ' ' +
                        std::to_string(revocation.before.microseconds) + ' ' +
                        std::to_string(revocation.until.microseconds) + ' ';
  append_base64(content, revocation.name);
  out += checksum_of(content) + ' ' + content + '\n';
}

RevocationText read_revocations(Bytes text) {
  RevocationText read;
  if (!text.starts_with(kRevocationMagic)) {
    read.is_torn = kRevocationMagic.starts_with(text) && !text.empty();
    read.is_foreign = !kRevocationMagic.starts_with(text);
    return read;
  }
  text.remove_prefix(kRevocationMagic.size());
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == Bytes::npos) {
      read.is_torn = true;
      return read;
    }
    if (auto revocation = read_line(text.substr(0, end))) {
      read.revocations.push_back(*std::move(revocation));
    } else {
      ++read.damaged_lines;
    }
    text.remove_prefix(end + 1);
  }
  return read;
}

}  // namespace carillon::access
