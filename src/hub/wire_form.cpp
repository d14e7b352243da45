#include "hub/wire_form.hpp"

#include <utility>

#include "core/check.hpp"
#include "hub/limits.hpp"

namespace carillon::hub {

WireFormId WireForms::add(std::string_view name, Encoder encoder) {
  CARILLON_CHECK(forms_.size() < limits::kWireForms);
  forms_.push_back({std::string(name), std::move(encoder)});
  return WireFormId{static_cast<std::uint8_t>(forms_.size() - 1)};
}

}  // namespace carillon::hub
