// Where the keys of tokens come from, where that is not a file.
#pragma once

namespace carillon::transport {

/// Thread: any.
class KeySource {
 public:
  virtual ~KeySource() = default;
  /// A token has come that names a key which is not known: perhaps there is a new one. Cheap, since
  /// anybody can send such tokens.
  virtual void on_unknown_key() = 0;
};

}  // namespace carillon::transport
