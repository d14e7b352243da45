// Whatever stands in a history file, its records are taken as they were written or refused; what is
// taken is written again octet for octet.
#include <cstdint>
#include <string>
#include <variant>

#include "cluster/durable/crc32c.hpp"
#include "cluster/durable/octets.hpp"
#include "cluster/durable/record.hpp"
#include "core/check.hpp"

namespace {

using namespace carillon;
using namespace carillon::cluster;
using namespace carillon::cluster::durable;

std::string written(const Record& record) {
  std::string text;
  if (const auto* publication = std::get_if<PublicationRecord>(&record)) {
    append_record(text, *publication->publication, publication->ticket);
  } else {
    std::visit(
        [&text](const auto& each) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(each)>, PublicationRecord>) {
            append_record(text, each);
          }
        },
        record);
  }
  return text;
}

/// A frame with the right checksums, so that the search gets to the content.
std::string framed(Bytes content) {
  std::string record;
  append_integer(record, static_cast<std::uint32_t>(content.size()));
  append_integer(record, crc32c(record));
  append_integer(record, crc32c(content));
  return record.append(content);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes octets(reinterpret_cast<const char*>(data), size);
  [[maybe_unused]] const auto as_it_is = parse_record(octets);
  const std::string record = framed(octets);
  const auto parsed = parse_record(record);
  if (!parsed) return 0;
  CARILLON_CHECK(parsed->has_value() && (*parsed)->size == record.size());
  CARILLON_CHECK(written((*parsed)->record) == record);
  return 0;
}
