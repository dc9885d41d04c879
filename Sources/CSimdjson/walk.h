// The grammar, token by token.
#pragma once

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#include "failure.h"
#include "scalars.h"
#include "vocabulary.h"

namespace s5 {

struct Frame {
  s5_json_node *node;
  bool is_object;
};

/// What a document is read with. Behind it lie so many spaces that no look ahead of eight bytes
/// leaves the buffer, and none of them continues a token.
struct Document {
  uint8_t *text;
  uint32_t length;
  bool has_escapes;
  /// Where the tokens start, and behind the last of them the document's length.
  const uint32_t *tokens;
  uint32_t token_count;
};

/// Whether the names of an object's members differ: a few are compared each with each, many sorted.
inline bool differ(const uint8_t *text, const s5_json_node *object, const s5_json_node *end) {
  std::vector<std::string_view> names;
  const char *const base = reinterpret_cast<const char *>(text);
  for (const s5_json_node *name = object + 1; name < end; name += 1 + name[1].extent) {
    names.emplace_back(base + name->start, name->length);
  }
  if (names.size() > 12) {
    std::sort(names.begin(), names.end());
    return std::adjacent_find(names.begin(), names.end()) == names.end();
  }
  for (size_t one = 1; one < names.size(); one++) {
    for (size_t other = 0; other < one; other++) {
      if (names[one] == names[other]) return false;
    }
  }
  return true;
}

/// Made part of its caller: only so does what is looked at for each token stay in registers, which
/// halves the time that a walk takes.
#define INLINE inline __attribute__((always_inline))

/// Reads the tokens one by one, checks the grammar and writes the nodes. Iterative, so that no depth
/// of nesting reaches the stack.
class Walk {
 public:
  Walk(
      const Document &document, const Vocabulary &vocabulary, s5_json_node *nodes, Frame *frames,
      Failure &failure)
      : text(document.text), length(document.length), has_escapes(document.has_escapes),
        token(document.tokens), last(document.tokens + document.token_count),
        vocabulary(vocabulary), node(nodes), outermost(frames), frame(frames), failure(failure) {}

  bool document(uint32_t max_depth);
  const s5_json_node *end() const { return node; }

 private:
  uint8_t *const text;
  const uint32_t length;
  const bool has_escapes;
  const uint32_t *token;
  const uint32_t *const last;
  const Vocabulary &vocabulary;
  /// The next to be written; there is room for one for each token.
  s5_json_node *node;
  Frame *const outermost;
  /// Behind the innermost.
  Frame *frame;
  Failure &failure;

  bool fail(Failure reason) {
    failure = reason;
    return false;
  }
  bool value(uint32_t max_depth);
  bool open(bool is_object, uint32_t max_depth);
  bool close();
  bool name();
  bool string();
  bool number();
  bool literal(const char *word, uint32_t size, uint8_t kind);
  bool unique_names(const s5_json_node *object);
  bool differ_at_a_glance(const s5_json_node *object) const;

  bool at_end() const { return token == last; }
  uint32_t here() const { return *token; }
  uint8_t byte() const { return text[*token]; }
  s5_json_node &push(uint8_t kind, uint32_t start, uint32_t size) {
    *node = {kind, 0, 1, start, size, start, size, 0};
    return *node++;
  }
};

INLINE bool Walk::document(uint32_t max_depth) {
  if (!value(max_depth)) return false;
  while (frame != outermost) {
    const Frame &inner = frame[-1];
    const bool is_object = inner.is_object;
    if (at_end()) {
      return fail(
          invalid(is_object ? "an object without an end" : "an array without an end", here()));
    }
    if (byte() == (is_object ? '}' : ']')) {
      if (!close()) return false;
      continue;
    }
    if (node != inner.node + 1) {
      if (byte() != ',') return fail(invalid("a comma is missing", here()));
      token++;
    }
    if (is_object && !name()) return false;
    if (!value(max_depth)) return false;
  }
  if (!at_end()) return fail(invalid("more after the end of the value", here()));
  return true;
}

INLINE bool Walk::value(uint32_t max_depth) {
  switch (byte()) {
    case '"': return string();
    case '-': case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9': return number();
    case '{': return open(true, max_depth);
    case '[': return open(false, max_depth);
    case 't': return literal("true", 4, S5_JSON_TRUE);
    case 'f': return literal("false", 5, S5_JSON_FALSE);
    case 'n': return literal("null", 4, S5_JSON_NULL);
    default: return fail(invalid("no value where one is expected", here()));
  }
}

INLINE bool Walk::open(bool is_object, uint32_t max_depth) {
  if (size_t(frame - outermost) >= max_depth) {
    return fail(Failure{S5_JSON_TOO_DEEP, "nested too deeply", int64_t{here()}});
  }
  *frame++ = {node, is_object};
  push(is_object ? S5_JSON_OBJECT : S5_JSON_ARRAY, here(), 0);
  token++;
  return true;
}

INLINE bool Walk::close() {
  const Frame inner = *--frame;
  inner.node->extent = uint32_t(node - inner.node);
  inner.node->length = here() + 1 - inner.node->start;
  inner.node->raw_length = inner.node->length;
  token++;
  return !inner.is_object || unique_names(inner.node);
}

INLINE bool Walk::name() {
  if (byte() != '"') return fail(invalid("no member name where one is expected", here()));
  if (!string()) return false;
  if (byte() != ':') return fail(invalid("a colon is missing", here()));
  token++;
  return true;
}

/// A string ends at the last byte before the next token that is no white space: the first stage has
/// seen to it that every string is closed and that no token starts inside one.
INLINE bool Walk::string() {
  const uint32_t open = here();
  token++;
  uint32_t end = here();
  while (end > open + 1 && is_space(text[end - 1])) end--;
  if (end < open + 2 || text[end - 1] != '"') return fail(invalid("a broken string", open));
  s5_json_node &string = push(S5_JSON_STRING, open + 1, end - open - 2);
  string.raw_start = open;
  string.raw_length = end - open;
  if (has_escapes) {
    void *escape = std::memchr(text + string.start, '\\', string.length);
    if (escape != nullptr &&
        !unescape(text, string, static_cast<uint8_t *>(escape), failure)) {
      return false;
    }
  }
  string.word = vocabulary.number(text + string.start, string.length);
  return true;
}

/// A number by RFC 8259's grammar.
INLINE bool Walk::number() {
  const uint8_t *const start = text + here();
  const uint8_t *at = start;
  const bool is_negative = *at == '-';
  if (is_negative) at++;
  const uint8_t *const digits = at;
  uint64_t integer = 0;
  while (is_digit(*at)) integer = integer * 10 + (*at++ - '0');
  const int64_t whole = at - digits;
  if (whole == 0 || (*digits == '0' && whole > 1)) {
    return fail(invalid("a malformed number", here()));
  }
  int64_t places = 0;
  if (*at == '.') {
    const uint8_t *const fraction = ++at;
    while (is_digit(*at)) integer = integer * 10 + (*at++ - '0');
    places = at - fraction;
    if (places == 0) return fail(invalid("a malformed number", here()));
  }
  const bool has_exponent = (*at | 0x20) == 'e';
  if (has_exponent) {
    at++;
    if (*at == '+' || *at == '-') at++;
    const uint8_t *const exponent = at;
    while (is_digit(*at)) at++;
    if (at == exponent) return fail(invalid("a malformed number", here()));
  }
  if (!ends_scalar(*at)) return fail(invalid("a malformed number", here()));
  double value;
  if (whole + places <= exact_digits && !has_exponent) {
    value = double(integer) / powers_of_ten[places];
    if (is_negative) value = -value;
  } else {
    value = number_value(start, at);
  }
  push(S5_JSON_NUMBER, here(), uint32_t(at - start)).number = value;
  token++;
  return true;
}

INLINE bool Walk::literal(const char *word, uint32_t size, uint8_t kind) {
  const uint8_t *const start = text + here();
  if (std::memcmp(start, word, size) != 0 || !ends_scalar(start[size])) {
    return fail(invalid("no value where one is expected", here()));
  }
  push(kind, here(), size);
  token++;
  return true;
}

/// Whether no two names share the bit that their word, or else their length, first and last byte
/// choose.
INLINE bool Walk::differ_at_a_glance(const s5_json_node *object) const {
  uint64_t words[2] = {};
  uint64_t others = 0;
  for (const s5_json_node *name = object + 1; name < node; name += 1 + name[1].extent) {
    uint64_t *seen = &others;
    uint32_t mark = name->word;
    if (mark != 0) {
      seen = &words[mark / 64];
    } else {
      // Before an empty name there is its quote.
      const uint8_t *const start = text + name->start;
      mark = start[0] + start[int64_t{name->length} - 1] + 3u * name->length;
    }
    const uint64_t bit = uint64_t{1} << (mark % 64);
    if (*seen & bit) return false;
    *seen |= bit;
  }
  return true;
}

/// Mostly a bit for each name tells that all differ.
INLINE bool Walk::unique_names(const s5_json_node *object) {
  if (differ_at_a_glance(object) || differ(text, object, node)) return true;
  return fail(invalid("an object that has two members of one name", object->raw_start));
}

#undef INLINE

}  // namespace s5
