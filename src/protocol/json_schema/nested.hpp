// One schema within another's check: the only place that meets valijson's visitor.
#pragma once

#include <string>
#include <valijson/internal/adapter.hpp>
#include <valijson/subschema.hpp>

#include "protocol/json_schema/run.hpp"

namespace carillon::json_schema {

/// Whether `value`, of a document of read_document(), fits. A Run must be under way; what does not
/// fit is noted there.
bool fits(const valijson::Subschema& schema, const valijson::adapters::Adapter& value,
          const Path& path);

/// The same for a name, as propertyNames looks at it.
bool name_fits(const valijson::Subschema& schema, const std::string& name, const Path& path);

}  // namespace carillon::json_schema
