#include "protocol/json/object.hpp"

#include "protocol/json/scalar.hpp"
#include "protocol/json/scanner.hpp"

namespace carillon::json {
namespace {

/// Where a command rarely has more members than this, one allocation holds them.
constexpr std::size_t kUsualItems = 12;

/// The items of a text whose outermost value opens with `bracket`. Whether it does is asked last:
/// what is no JSON at all is told as that.
Result<std::vector<Member>, Error> list(Bytes text, const Limits& limits, char bracket,
                                        ErrorKind otherwise) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  const bool is_wanted = start != Bytes::npos && text[start] == bracket;
  std::vector<Member> items;
  if (is_wanted) items.reserve(kUsualItems);
  TRY(Scanner(text, limits).run(is_wanted ? &items : nullptr));
  if (!is_wanted) return std::unexpected(Error{otherwise, start});
  return items;
}

}  // namespace

const Value* Object::find(Bytes name) const {
  for (const Member& member : members_) {
    if (string_is(member.key, name)) return &member.value;
  }
  return nullptr;
}

Result<Object, Error> parse_object(Bytes text, const Limits& limits) {
  return Object(TRY(list(text, limits, '{', ErrorKind::NotAnObject)));
}

Result<std::vector<Value>, Error> parse_array(Bytes text, const Limits& limits) {
  const std::vector<Member> items = TRY(list(text, limits, '[', ErrorKind::NotAnArray));
  std::vector<Value> elements;
  elements.reserve(items.size());
  for (const Member& item : items) elements.push_back(item.value);
  return elements;
}

}  // namespace carillon::json
