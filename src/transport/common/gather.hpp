// Several answers to one request, each of which may come later, put together in their order.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace carillon::transport {

/// Collects `count` texts; when the last is there, hands over all of them.
/// Lifetime: shared by the callbacks that fill it.
class Gather {
 public:
  using Done = std::move_only_function<void(std::vector<std::string>)>;

  Gather(std::size_t count, Done done) : texts_(count), missing_(count), done_(std::move(done)) {}

  void put(std::size_t index, std::string text) {
    texts_[index] = std::move(text);
    if (--missing_ == 0) done_(std::move(texts_));
  }

 private:
  std::vector<std::string> texts_;
  std::size_t missing_;
  Done done_;
};

/// The JSON array of texts that are JSON values each; empty ones are left out.
inline std::string joined_array(const std::vector<std::string>& texts) {
  std::size_t bytes = 2;
  for (const std::string& text : texts) bytes += text.size() + 1;
  std::string array;
  array.reserve(bytes);
  array.push_back('[');
  for (const std::string& text : texts) {
    if (text.empty()) continue;
    if (array.size() > 1) array.push_back(',');
    array.append(text);
  }
  array.push_back(']');
  return array;
}

}  // namespace carillon::transport
