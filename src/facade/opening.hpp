// What the application says to a request that wants to become an endpoint.
#pragma once

#include <any>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "carillon/opening.hpp"
#include "protocol/http1/fields.hpp"
#include "transport/common/response.hpp"

namespace carillon::facade {

class ApplicationOpening final : public Opening {
 public:
  /// Lifetime: `offered` is kept as views.
  explicit ApplicationOpening(std::vector<std::string_view> offered)
      : offered_(std::move(offered)) {}

  void refuse(int status, std::string_view reason) override;
  void set_header(std::string_view name, std::string_view value) override;
  void choose_subprotocol(std::string_view name) override;
  std::any& state() override { return state_; }

  /// The answer where it was refused.
  std::optional<transport::Response> refusal() const;
  /// Adds what the application has set.
  void add_fields(transport::ResponseHead& head) const;
  /// One of those offered.
  std::optional<std::string_view> subprotocol() const { return subprotocol_; }

 private:
  std::vector<std::string_view> offered_;
  http1::Fields fields_;
  std::optional<std::string_view> subprotocol_;
  std::any state_;
  int refused_status_ = 0;
  std::string refused_reason_;
};

/// A field that the application has not set.
void add_default(transport::ResponseHead& head, Bytes name, Bytes value);

}  // namespace carillon::facade
