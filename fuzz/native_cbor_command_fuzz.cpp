// Commands of strangers in CBOR: whatever is accepted must be sayable again, in both encodings.
#include <cstdint>
#include <string>
#include <variant>

#include "core/check.hpp"
#include "core/utf8.hpp"
#include "protocol/cbor/map.hpp"
#include "protocol/json/validator.hpp"
#include "protocol/json/writer.hpp"
#include "protocol/native/channel_name.hpp"
#include "protocol/native/encode.hpp"
#include "protocol/native/parse.hpp"

namespace {

using namespace carillon;
using namespace carillon::native;

void check_data(const Data& data) {
  if (data.kind() == DataKind::Json) {
    CARILLON_CHECK(json::validate(data.view()) && !json::has_newlines(data.view()));
  }
  const MessageView message{.channel = kDefaultChannel,
                            .position = {*Epoch::parse("e"), 1},
                            .timestamp = {1},
                            .data = data.view(),
                            .kind = data.kind()};
  std::string text;
  append_message(text, message);
  CARILLON_CHECK(json::validate(text, {.depth = 65}));
  std::string octets;
  append_message(octets, message, Encoding::Cbor);
  const auto command = parse_cbor_command(octets);
  CARILLON_CHECK(command);
  const Data& again = std::get<Publish>(command->command).data;
  CARILLON_CHECK(again.kind() == data.kind() && again.view() == data.view());
}

void check_id(const std::string& id) {
  CARILLON_CHECK(id.size() <= kMaxIdBytes && (id.empty() || cbor::validate(id)));
  std::string out;
  append_ok(out, id, Encoding::Cbor);
  CARILLON_CHECK(cbor::parse_map(out));
}

struct Check {
  void operator()(const Publish& publish) const {
    CARILLON_CHECK(!publish.channel || is_channel_name(*publish.channel));
    check_data(publish.data);
  }
  void operator()(const Ephemeral& ephemeral) const { check_data(ephemeral.data); }
  void operator()(const Signal& signal) const { check_data(signal.data); }
  void operator()(const Subscribe& subscribe) const {
    CARILLON_CHECK(is_channel_name(subscribe.channel));
    CARILLON_CHECK(subscribe.history.value_or(0) <= Limits().page);
  }
  void operator()(const History& history) const {
    CARILLON_CHECK(history.limit >= 1 && history.limit <= Limits().page);
    CARILLON_CHECK(!history.since || history.since->microseconds >= 0);
  }
  template <class Other>
  void operator()(const Other&) const {}
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes octets(reinterpret_cast<const char*>(data), size);
  const auto command = parse_cbor_command(octets);
  if (command) {
    CARILLON_CHECK(command->encoding == Encoding::Cbor && cbor::validate(octets));
    check_id(command->id);
    std::visit(Check(), command->command);
    return 0;
  }
  const CommandError& error = command.error();
  CARILLON_CHECK(error.encoding == Encoding::Cbor && is_utf8(error.message));
  CARILLON_CHECK(!error.message.empty() && error.message.size() < 250);
  check_id(error.id);
  std::string out;
  append_error(out, error.id, {.code = error.code, .detail = error.message}, Encoding::Cbor);
  CARILLON_CHECK(cbor::parse_map(out));
  return 0;
}
