// simdjson's first stage validates UTF-8, finds the strings and indexes every token. Its second
// stages do not fit: the DOM refuses large integers and forgets how numbers were spelt, On-Demand
// validates only what is read. So the grammar is checked here, token by token.
#include "csimdjson.h"

#include <locale.h>
#include <simdjson.h>
#include <stdlib.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Implementation = simdjson::internal::dom_parser_implementation;

constexpr size_t largest_document = size_t{1} << 30;

struct Failure {
  s5_json_status status;
  const char *message;
  int64_t offset;
};

Failure invalid(const char *message, int64_t offset) {
  return Failure{S5_JSON_INVALID, message, offset};
}

bool is_space(uint8_t byte) {
  return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

/// Whether a scalar may end before this byte.
bool ends_scalar(uint8_t byte) {
  return is_space(byte) || byte == ',' || byte == ']' || byte == '}' || byte == ':';
}

int hex_digit(uint8_t byte) {
  if (is_digit(byte)) return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

/// The four digits of `\uXXXX`; -1 if they are none.
int32_t code_unit(const uint8_t *at, const uint8_t *end) {
  if (end - at < 4) return -1;
  int32_t unit = 0;
  for (int index = 0; index < 4; index++) {
    const int digit = hex_digit(at[index]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

uint8_t *write_utf8(uint32_t scalar, uint8_t *to) {
  if (scalar < 0x80) {
    *to++ = uint8_t(scalar);
  } else if (scalar < 0x800) {
    *to++ = uint8_t(0xC0 | (scalar >> 6));
    *to++ = uint8_t(0x80 | (scalar & 0x3F));
  } else if (scalar < 0x10000) {
    *to++ = uint8_t(0xE0 | (scalar >> 12));
    *to++ = uint8_t(0x80 | ((scalar >> 6) & 0x3F));
    *to++ = uint8_t(0x80 | (scalar & 0x3F));
  } else {
    *to++ = uint8_t(0xF0 | (scalar >> 18));
    *to++ = uint8_t(0x80 | ((scalar >> 12) & 0x3F));
    *to++ = uint8_t(0x80 | ((scalar >> 6) & 0x3F));
    *to++ = uint8_t(0x80 | (scalar & 0x3F));
  }
  return to;
}

int simple_escape(uint8_t byte) {
  switch (byte) {
    case '"': return '"';
    case '\\': return '\\';
    case '/': return '/';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return -1;
  }
}

/// Reads the scalar of `\uXXXX`, of two of them for a surrogate pair, and moves past it. Returns -1
/// for a lone surrogate or bad digits. `at` is behind the `u`.
int32_t escaped_scalar(const uint8_t *&at, const uint8_t *end) {
  const int32_t high = code_unit(at, end);
  if (high < 0) return -1;
  at += 4;
  if (high < 0xD800 || high > 0xDFFF) return high;
  if (high > 0xDBFF || end - at < 6 || at[0] != '\\' || at[1] != 'u') return -1;
  const int32_t low = code_unit(at + 2, end);
  if (low < 0xDC00 || low > 0xDFFF) return -1;
  at += 6;
  return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

struct Frame {
  uint32_t node;
  bool is_object;
};

}  // namespace

struct s5_json_parser {
  std::unique_ptr<Implementation> implementation;
  std::vector<uint8_t> text;
  /// Of this document the first `node_count`; there is room for all that may come, as every node
  /// takes a token at least.
  std::vector<s5_json_node> nodes;
  uint32_t node_count = 0;
  std::vector<Frame> frames;
  std::vector<std::string_view> names;
  size_t length = 0;
  bool has_escapes = false;
  /// Where the tokens of this document start, and behind the last of them its length.
  const uint32_t *tokens = nullptr;
  uint32_t token_count = 0;
  uint32_t token = 0;
  Failure failure{S5_JSON_OK, nullptr, -1};

  bool parse(const uint8_t *bytes, size_t size, uint32_t max_depth);

 private:
  bool fail(Failure reason) {
    failure = reason;
    return false;
  }
  bool load(const uint8_t *bytes, size_t size);
  bool index();
  bool walk(uint32_t max_depth);
  bool value(uint32_t max_depth);
  bool open(bool is_object, uint32_t max_depth);
  bool close();
  bool name();
  bool string();
  bool unescape(s5_json_node &node, uint8_t *escape);
  bool number();
  bool literal(const char *word, uint32_t kind);
  bool unique_names(uint32_t object);
  bool differ_at_a_glance(uint32_t object) const;

  bool at_end() const { return token >= token_count; }
  uint32_t here() const { return at_end() ? uint32_t(length) : tokens[token]; }
  uint8_t byte() const { return at_end() ? uint8_t(0) : text[tokens[token]]; }
  s5_json_node &push(uint32_t kind, uint32_t start, uint32_t size) {
    s5_json_node &node = nodes[node_count++];
    node = {kind, node_count, start, size, start, size, 0};
    return node;
  }
};

bool s5_json_parser::load(const uint8_t *bytes, size_t size) {
  if (size > largest_document) return fail(invalid("the document is larger than 1 GiB", -1));
  length = size;
  if (text.size() < size + simdjson::SIMDJSON_PADDING) {
    text.resize(size + size / 2 + simdjson::SIMDJSON_PADDING);
  }
  if (size > 0) std::memcpy(text.data(), bytes, size);
  // Asked once, as to ask for each string took a twentieth of the time.
  has_escapes = std::memchr(text.data(), '\\', size) != nullptr;
  std::memset(text.data() + size, ' ', simdjson::SIMDJSON_PADDING);
  if (size >= 3 && std::memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
    return fail(invalid("a byte order mark", 0));
  }
  return true;
}

bool s5_json_parser::index() {
  const size_t capacity = std::max<size_t>(length, 4096);
  simdjson::error_code code = simdjson::SUCCESS;
  if (!implementation) {
    code = simdjson::get_active_implementation()->create_dom_parser_implementation(
        capacity, simdjson::DEFAULT_MAX_DEPTH, implementation);
  } else if (implementation->capacity() < length) {
    code = implementation->allocate(capacity + capacity / 2, simdjson::DEFAULT_MAX_DEPTH);
  }
  if (code != simdjson::SUCCESS) throw std::bad_alloc();
  implementation->n_structural_indexes = 0;
  code = implementation->stage1(text.data(), length, simdjson::stage1_mode::regular);
  switch (code) {
    case simdjson::SUCCESS: break;
    case simdjson::EMPTY: return fail(invalid("nothing but white space", 0));
    case simdjson::UTF8_ERROR: return fail(invalid("invalid UTF-8", -1));
    case simdjson::UNCLOSED_STRING: return fail(invalid("a string without an end", -1));
    case simdjson::UNESCAPED_CHARS:
      return fail(invalid("a control character in a string", -1));
    case simdjson::MEMALLOC: throw std::bad_alloc();
    default: return fail(invalid("no JSON", -1));
  }
  tokens = implementation->structural_indexes.get();
  token_count = implementation->n_structural_indexes;
  if (nodes.size() < token_count) nodes.resize(token_count);
  return true;
}

bool s5_json_parser::parse(const uint8_t *bytes, size_t size, uint32_t max_depth) {
  failure = Failure{S5_JSON_OK, nullptr, -1};
  node_count = 0;
  frames.clear();
  token = 0;
  if (!load(bytes, size)) return false;
  if (size == 0) return fail(invalid("nothing but white space", 0));
  return index() && walk(max_depth);
}

/// Iterative, so that no depth of nesting reaches the stack.
bool s5_json_parser::walk(uint32_t max_depth) {
  if (!value(max_depth)) return false;
  while (!frames.empty()) {
    const Frame frame = frames.back();
    const bool is_first = node_count == frame.node + 1;
    const uint8_t closing = frame.is_object ? '}' : ']';
    if (at_end()) {
      return fail(invalid(
          frame.is_object ? "an object without an end" : "an array without an end", here()));
    }
    if (byte() == closing) {
      if (!close()) return false;
      continue;
    }
    if (!is_first) {
      if (byte() != ',') return fail(invalid("a comma is missing", here()));
      token++;
    }
    if (frame.is_object && !name()) return false;
    if (!value(max_depth)) return false;
  }
  if (!at_end()) return fail(invalid("more after the end of the value", here()));
  return true;
}

bool s5_json_parser::value(uint32_t max_depth) {
  switch (byte()) {
    case '{': return open(true, max_depth);
    case '[': return open(false, max_depth);
    case '"': return string();
    case 't': return literal("true", S5_JSON_TRUE);
    case 'f': return literal("false", S5_JSON_FALSE);
    case 'n': return literal("null", S5_JSON_NULL);
    case '-': case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9': return number();
    default: return fail(invalid("no value where one is expected", here()));
  }
}

bool s5_json_parser::open(bool is_object, uint32_t max_depth) {
  if (frames.size() >= max_depth) {
    return fail(Failure{S5_JSON_TOO_DEEP, "nested too deeply", int64_t{here()}});
  }
  frames.push_back({node_count, is_object});
  push(is_object ? S5_JSON_OBJECT : S5_JSON_ARRAY, here(), 0);
  token++;
  return true;
}

bool s5_json_parser::close() {
  const Frame frame = frames.back();
  frames.pop_back();
  s5_json_node &node = nodes[frame.node];
  node.next = node_count;
  node.length = here() + 1 - node.start;
  node.raw_length = node.length;
  token++;
  return !frame.is_object || unique_names(frame.node);
}

bool s5_json_parser::name() {
  if (byte() != '"') return fail(invalid("no member name where one is expected", here()));
  if (!string()) return false;
  if (byte() != ':') return fail(invalid("a colon is missing", here()));
  token++;
  return true;
}

/// A string ends at the last byte before the next token that is no white space: the first stage has
/// seen to it that every string is closed and that no token starts inside one.
bool s5_json_parser::string() {
  const uint32_t open = here();
  token++;
  uint32_t end = here();
  while (end > open + 1 && is_space(text[end - 1])) end--;
  if (end < open + 2 || text[end - 1] != '"') return fail(invalid("a broken string", open));
  s5_json_node &node = push(S5_JSON_STRING, open + 1, end - open - 2);
  node.raw_start = open;
  node.raw_length = end - open;
  if (!has_escapes) return true;
  void *escape = std::memchr(text.data() + node.start, '\\', node.length);
  return escape == nullptr || unescape(node, static_cast<uint8_t *>(escape));
}

/// In place: what an escape stands for is never longer than the escape.
bool s5_json_parser::unescape(s5_json_node &node, uint8_t *escape) {
  uint8_t *const base = text.data();
  const uint8_t *const end = base + node.start + node.length;
  const uint8_t *from = escape;
  uint8_t *to = escape;
  while (from < end) {
    if (*from != '\\') {
      *to++ = *from++;
      continue;
    }
    const int64_t offset = from - base;
    if (end - from < 2) return fail(invalid("a bad escape", offset));
    const uint8_t letter = from[1];
    from += 2;
    if (letter == 'u') {
      const int32_t scalar = escaped_scalar(from, end);
      if (scalar < 0) return fail(invalid("a bad escape or a lone surrogate", offset));
      to = write_utf8(uint32_t(scalar), to);
    } else {
      const int character = simple_escape(letter);
      if (character < 0) return fail(invalid("a bad escape", offset));
      *to++ = uint8_t(character);
    }
  }
  node.length = uint32_t(to - base) - node.start;
  return true;
}

namespace {

const uint8_t *skip_digits(const uint8_t *at, const uint8_t *end) {
  while (at < end && is_digit(*at)) at++;
  return at;
}

/// The end of the number that starts here, by RFC 8259's grammar; NULL if it is none.
const uint8_t *number_end(const uint8_t *at, const uint8_t *end) {
  if (at < end && *at == '-') at++;
  if (at >= end || !is_digit(*at)) return nullptr;
  at = *at == '0' ? at + 1 : skip_digits(at, end);
  if (at < end && *at == '.') {
    const uint8_t *const fraction = at + 1;
    at = skip_digits(fraction, end);
    if (at == fraction) return nullptr;
  }
  if (at < end && (*at == 'e' || *at == 'E')) {
    at++;
    if (at < end && (*at == '+' || *at == '-')) at++;
    const uint8_t *const exponent = at;
    at = skip_digits(exponent, end);
    if (at == exponent) return nullptr;
  }
  return at;
}

/// strtod knows infinity from underflow, which from_chars does not; the "C" locale has a point.
double number_out_of_range(const char *first, const char *last) {
  static const locale_t plain = newlocale(LC_ALL_MASK, "C", nullptr);
  const std::string copy(first, last);
  return plain == nullptr ? HUGE_VAL : strtod_l(copy.c_str(), nullptr, plain);
}

double number_value(const uint8_t *start, const uint8_t *end) {
  const char *const first = reinterpret_cast<const char *>(start);
  const char *const last = reinterpret_cast<const char *>(end);
  double value = 0;
  const auto result = std::from_chars(first, last, value);
  return result.ec == std::errc() ? value : number_out_of_range(first, last);
}

}  // namespace

bool s5_json_parser::number() {
  const uint8_t *const start = text.data() + here();
  const uint8_t *const limit = text.data() + length;
  const uint8_t *const end = number_end(start, limit);
  if (end == nullptr || (end < limit && !ends_scalar(*end))) {
    return fail(invalid("a malformed number", here()));
  }
  push(S5_JSON_NUMBER, here(), uint32_t(end - start)).number = number_value(start, end);
  token++;
  return true;
}

bool s5_json_parser::literal(const char *word, uint32_t kind) {
  const size_t size = std::strlen(word);
  const size_t end = here() + size;
  if (end > length || std::memcmp(text.data() + here(), word, size) != 0 ||
      (end < length && !ends_scalar(text[end]))) {
    return fail(invalid("no value where one is expected", here()));
  }
  push(kind, here(), uint32_t(size));
  token++;
  return true;
}

/// Whether no two names share the bit that their length, first and last byte choose.
bool s5_json_parser::differ_at_a_glance(uint32_t object) const {
  uint64_t seen = 0;
  for (uint32_t at = object + 1; at < node_count; at = nodes[at + 1].next) {
    const s5_json_node &name = nodes[at];
    // Before an empty name there is its quote.
    const uint8_t *const start = text.data() + name.start;
    const uint32_t mark = start[0] + start[int64_t{name.length} - 1] + 3u * name.length;
    const uint64_t bit = uint64_t{1} << (mark % 64);
    if (seen & bit) return false;
    seen |= bit;
  }
  return true;
}

/// Mostly a bit for each name tells that all differ. Else few names are compared each with each, and
/// many are sorted.
bool s5_json_parser::unique_names(uint32_t object) {
  if (differ_at_a_glance(object)) return true;
  names.clear();
  const char *const base = reinterpret_cast<const char *>(text.data());
  for (uint32_t at = object + 1; at < node_count; at = nodes[at + 1].next) {
    names.emplace_back(base + nodes[at].start, nodes[at].length);
  }
  bool repeats = false;
  if (names.size() <= 12) {
    for (size_t one = 1; one < names.size() && !repeats; one++) {
      for (size_t other = 0; other < one && !repeats; other++) {
        repeats = names[one] == names[other];
      }
    }
  } else {
    std::sort(names.begin(), names.end());
    repeats = std::adjacent_find(names.begin(), names.end()) != names.end();
  }
  if (repeats) {
    return fail(invalid("an object that has two members of one name", nodes[object].raw_start));
  }
  return true;
}

extern "C" s5_json_parser *s5_json_parser_create(void) {
  return new (std::nothrow) s5_json_parser();
}

extern "C" void s5_json_parser_destroy(s5_json_parser *parser) { delete parser; }

extern "C" s5_json_result s5_json_parse(
    s5_json_parser *parser, const void *bytes, size_t length, uint32_t max_depth) {
  try {
    if (parser->parse(static_cast<const uint8_t *>(bytes), length, max_depth)) {
      return {S5_JSON_OK,         nullptr, -1, parser->nodes.data(), parser->node_count,
              parser->text.data()};
    }
    const Failure &failure = parser->failure;
    return {failure.status, failure.message, failure.offset, nullptr, 0, nullptr};
  } catch (...) {
    return {S5_JSON_NO_MEMORY, "out of memory", -1, nullptr, 0, nullptr};
  }
}
