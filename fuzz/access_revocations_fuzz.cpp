// links: carillon_access
// The file of revocations: whatever is read of it comes back from what is written of that.
#include <cstddef>
#include <cstdint>
#include <string>

#include "access/revocation_text.hpp"
#include "core/bytes.hpp"
#include "core/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace carillon;
  using namespace carillon::access;

  const Bytes input(reinterpret_cast<const char*>(data), size);
  [[maybe_unused]] const RevocationText as_it_is = read_revocations(input);

  const std::string name(input.substr(0, input.size() / 2));
  const Revocation known{.kind = RevocationKind::User, .name = name, .before = {1}, .until = {2}};
  std::string text(kRevocationMagic);
  append_revocation(text, known);
  const std::string whole = text;
  text.append(input);
  const RevocationText read = read_revocations(text);
  CARILLON_CHECK(!read.is_foreign && !read.revocations.empty() && read.revocations[0] == known);

  std::string again(kRevocationMagic);
  for (const Revocation& each : read.revocations) append_revocation(again, each);
  CARILLON_CHECK(read_revocations(again).revocations == read.revocations);
  return 0;
}
