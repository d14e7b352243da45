// Just enough of HTTP/1.1's answers to read those of a benchmark's servers; not the project's own
// parser, which is among what is tested.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon::bench {

/// The server said what it must not. Ends the run.
struct WireError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct ResponseHead {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> fields;

  /// The value of a field, whatever the case of its name; null without it.
  const std::string* find(std::string_view name) const;
};

/// Takes a whole head off the front of `input`; empty while it is incomplete.
std::optional<ResponseHead> take_head(std::string_view& input);

/// The body that follows a head: of a length, in chunks, or until the connection ends.
class BodyReader {
 public:
  explicit BodyReader(const ResponseHead& head);

  /// Takes octets off the front of `input` and appends what they carry.
  void read(std::string_view& input, std::string& out);
  bool is_complete() const { return state_ == State::Complete; }

 private:
  enum class State : std::uint8_t { Length, UntilClose, ChunkSize, Chunk, ChunkEnd, Complete };

  bool step(std::string_view& input, std::string& out);
  bool take_chunk_size(std::string_view& input);

  State state_;
  std::uint64_t left_ = 0;  // of the body, or of the chunk
  bool last_chunk_ = false;
  std::string line_;  // of a chunk's size, so far
};

}  // namespace carillon::bench
