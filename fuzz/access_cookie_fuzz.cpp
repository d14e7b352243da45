// links: carillon_access
// Cookie fields: what is found lies in the field, and our own cookie is found among whatever else.
#include <cstddef>
#include <cstdint>
#include <string>

#include "access/cookie.hpp"
#include "core/bytes.hpp"
#include "core/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace carillon;
  using namespace carillon::access;

  const Bytes input(reinterpret_cast<const char*>(data), size);
  const Bytes channels[] = {input, "b"};
  const std::string name = position_cookie_name(channels);
  CARILLON_CHECK(name.size() == Bytes("carillon_position_").size() + 16);

  if (const auto value = find_cookie(input, "a")) {
    CARILLON_CHECK(value->data() >= input.data());
    CARILLON_CHECK(value->data() + value->size() <= input.data() + input.size());
    CARILLON_CHECK(value->find(';') == Bytes::npos);
  }
  if (!find_cookie(input, name)) {
    CARILLON_CHECK(find_cookie(std::string(input) + "; " + name + "=e:1.-", name) == "e:1.-");
  }
  CARILLON_CHECK(find_cookie(name + "=e:1; " + std::string(input), name) == "e:1");
  return 0;
}
