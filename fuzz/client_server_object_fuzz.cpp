// Whatever a server sends is read without harm: as an object, a message, a problem, a last word.
#include <cstddef>
#include <cstdint>

#include "client/answer.hpp"
#include "client/closing.hpp"
#include "client/limits.hpp"
#include "client/message.hpp"
#include "core/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace carillon;
  const Bytes text(reinterpret_cast<const char*>(data), size);
  const auto object = client::ServerObject::parse(text);
  const auto problem = client::parse_problem(text);
  CARILLON_CHECK(object || !problem);
  if (problem) {
    CARILLON_CHECK(!problem->code.empty());
    CARILLON_CHECK(!problem->wait || *problem->wait <= client::limits::kLongestAdvice);
  }
  if (!object) return 0;
  if (const auto message = object->message()) {
    CARILLON_CHECK(!message->position.epoch.text().empty());
    CARILLON_CHECK(text.find(message->data) != Bytes::npos);
    CARILLON_CHECK(object->ephemeral().has_value());
  }
  const auto closing = client::read_closing(*object);
  CARILLON_CHECK(!closing.wait || *closing.wait <= client::limits::kLongestAdvice);
  return 0;
}
