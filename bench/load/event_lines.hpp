// A stream of text/event-stream as lines.
#pragma once

#include <string>
#include <string_view>

namespace carillon::bench {

class EventLines {
 public:
  /// For what follows, as it comes.
  std::string& text() { return text_; }

  /// Takes the lines that are whole, and calls `each` with them.
  template <class Each>
  void take(Each each) {
    std::string_view rest = text_;
    for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      const std::string_view line = rest.substr(0, end);
      rest.remove_prefix(end + 1);
      each(line);
    }
    text_.erase(0, text_.size() - rest.size());
  }

 private:
  std::string text_;
};

}  // namespace carillon::bench
