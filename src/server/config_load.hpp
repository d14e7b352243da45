// Where settings come from: defaults, under a file, under the environment, under flags.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/permissions.hpp"
#include "core/result.hpp"
#include "server/config.hpp"

namespace carillon::server {

/// One thing wrong with the configuration. `line` and `column` count from 1; 0: there is none.
struct ConfigProblem {
  std::string source;  // the file as given, the variable, or the flag
  std::size_t line = 0;
  std::size_t column = 0;
  std::string message;
};

/// `carillon.toml:3:1: …`
std::string to_text(const ConfigProblem& problem);

/// What the command line sets.
struct ConfigFlags {
  std::optional<std::vector<std::string>> listen;
  std::optional<std::string> reactors;
  std::optional<std::string> io;
  std::optional<std::string> data_dir;
  std::optional<std::string> log_level;
  std::optional<std::string> log_format;
  std::optional<std::string> tls_self_signed;
  std::optional<std::string> lab;
  std::optional<std::string> demo;
  std::optional<std::vector<std::string>> tls_certificates;
  std::optional<std::vector<std::string>> tls_keys;
};

struct ConfigSources {
  std::optional<std::string> file;  // a path; no other file is ever read
  std::vector<std::pair<std::string, std::string>> environment;
  ConfigFlags flags;
  /// Configured: there is an `[access]` section, even where none of these says so.
  access::Stance stance = access::Stance::LocalOnly;
};

/// The variables of this process that begin with `CARILLON_`.
std::vector<std::pair<std::string, std::string>> carillon_environment();

/// The settings, checked, also against each other.
/// Errors: everything that is wrong, in the order of the layers; after a syntax error the rest of
///         the file is not looked at.
Result<Config, std::vector<ConfigProblem>> load_config(const ConfigSources& sources);

}  // namespace carillon::server
