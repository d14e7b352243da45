// links: carillon_protocol_stun
// STUN messages: whatever was read lies within the input, and can be judged.
#include <cstddef>
#include <cstdint>
#include <functional>

#include "core/check.hpp"
#include "protocol/stun/address_coding.hpp"
#include "protocol/stun/integrity.hpp"
#include "protocol/stun/message.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace carillon;
  using namespace carillon::stun;

  const Bytes input(reinterpret_cast<const char*>(data), size);
  const auto message = Message::parse(input);
  if (!message) return 0;
  const std::less_equal<const char*> before;
  message->for_each([&](const Attribute& attribute) {
    CARILLON_CHECK(before(input.data(), attribute.value.data()));
    CARILLON_CHECK(before(attribute.value.data() + attribute.value.size(), input.data() + size));
    const auto address = read_xor_address(attribute.value, message->transaction_id());
    if (!address) return;
    std::string again;
    append_xor_address(again, *address, message->transaction_id());
    CARILLON_CHECK(Bytes(again).substr(1) == attribute.value.substr(1));
  });
  CARILLON_CHECK(!has_right_integrity(*message, "a key that nobody knows"));
  CARILLON_CHECK(unknown_attributes(*message, {}).size() <= 16);
  return 0;
}
