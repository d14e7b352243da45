#include "protocol/http1/request_writer.hpp"

#include "core/check.hpp"
#include "protocol/http1/characters.hpp"
#include "protocol/http1/head_writer.hpp"

namespace carillon::http1 {

void append_request_head(std::string& out, RequestLine line, const Fields& fields,
                         Framing framing) {
  CARILLON_CHECK(is_token(line.method));
  CARILLON_CHECK(!line.target.empty() && consists_of(line.target, CharacterClass::Query));
  out.append(line.method).append(" ").append(line.target).append(" HTTP/1.1\r\n");
  append_fields(out, fields);
  append_framing(out, framing);
  out.append("\r\n");
}

}  // namespace carillon::http1
