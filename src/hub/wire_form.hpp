// How publications look on the wire: transports register their encoders, the hub knows none.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/types.hpp"

namespace carillon::hub {

/// Appends the whole message (framing included) as every subscriber of the form receives it.
/// Messages of one batch are encoded one behind the other into one buffer.
/// Thread: that of the hub whose forms it is one of; several hubs share only what depends on the
///         arguments alone.
using Encoder = std::function<void(const Publication& publication, std::string& out)>;

/// Filled at start-up, constant from then on; in the same order for every reactor, since a form
/// has one number everywhere.
class WireForms {
 public:
  /// `name` shows in metrics. At most limits::kWireForms; more is a bug.
  WireFormId add(std::string_view name, Encoder encoder);

  std::size_t count() const { return forms_.size(); }
  const std::string& name(WireFormId form) const { return forms_[form.index].name; }
  void encode(WireFormId form, const Publication& publication, std::string& out) const {
    forms_[form.index].encoder(publication, out);
  }

 private:
  struct Form {
    std::string name;
    Encoder encoder;
  };
  std::vector<Form> forms_;
};

}  // namespace carillon::hub
