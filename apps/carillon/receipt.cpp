#include "apps/carillon/receipt.hpp"

#include <fmt/format.h>

#include "apps/carillon/printable.hpp"
#include "client/message.hpp"

namespace carillon::app {

std::string receipt_line(OutputForm form, Bytes receipt) {
  if (form == OutputForm::Json) return std::string(receipt);
  const auto object = client::ServerObject::parse(receipt);
  const auto epoch = object ? object->text("epoch") : std::string{};
  const auto offset = object ? object->integer("offset") : std::nullopt;
  return printable(fmt::format("{}:{}", epoch, offset.value_or(0)));
}

}  // namespace carillon::app
