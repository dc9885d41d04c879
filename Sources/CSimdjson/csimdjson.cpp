// simdjson's first stage validates UTF-8, finds the strings and indexes every token. Its second
// stages do not fit: the DOM refuses large integers and forgets how numbers were spelt, On-Demand
// validates only what is read. So the grammar is checked here, token by token.
#include "csimdjson.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "failure.h"
#include "vocabulary.h"
#include "walk.h"

using Implementation = simdjson::internal::dom_parser_implementation;
using s5::Document;
using s5::Failure;
using s5::invalid;

namespace {

constexpr size_t largest_document = size_t{1} << 30;

}  // namespace

struct s5_json_parser {
  s5::Vocabulary vocabulary;
  Failure failure{S5_JSON_OK, nullptr, -1};
  std::vector<uint8_t> text;
  std::vector<s5_json_node> nodes;
  size_t node_count = 0;

  bool parse(const uint8_t *bytes, size_t size, uint32_t max_depth);

 private:
  std::unique_ptr<Implementation> implementation;
  std::vector<s5::Frame> frames;

  bool fail(Failure reason) {
    failure = reason;
    return false;
  }
  bool load(const uint8_t *bytes, size_t size);
  bool index(size_t size);
};

bool s5_json_parser::load(const uint8_t *bytes, size_t size) {
  if (size > largest_document) return fail(invalid("the document is larger than 1 GiB", -1));
  if (size == 0) return fail(invalid("nothing but white space", 0));
  if (text.size() < size + simdjson::SIMDJSON_PADDING) {
    text.resize(size + size / 2 + simdjson::SIMDJSON_PADDING);
  }
  std::memcpy(text.data(), bytes, size);
  std::memset(text.data() + size, ' ', simdjson::SIMDJSON_PADDING);
  if (size >= 3 && std::memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
    return fail(invalid("a byte order mark", 0));
  }
  return true;
}

bool s5_json_parser::index(size_t size) {
  const size_t capacity = std::max<size_t>(size, 4096);
  simdjson::error_code code = simdjson::SUCCESS;
  if (!implementation) {
    code = simdjson::get_active_implementation()->create_dom_parser_implementation(
        capacity, simdjson::DEFAULT_MAX_DEPTH, implementation);
  } else if (implementation->capacity() < size) {
    code = implementation->allocate(capacity + capacity / 2, simdjson::DEFAULT_MAX_DEPTH);
  }
  if (code != simdjson::SUCCESS) throw std::bad_alloc();
  implementation->n_structural_indexes = 0;
  code = implementation->stage1(text.data(), size, simdjson::stage1_mode::regular);
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
  return true;
}

bool s5_json_parser::parse(const uint8_t *bytes, size_t size, uint32_t max_depth) {
  node_count = 0;
  if (!load(bytes, size) || !index(size)) return false;
  const uint32_t tokens = implementation->n_structural_indexes;
  // Every node takes a token at least, and so does every level.
  if (nodes.size() < tokens) nodes.resize(tokens);
  const size_t levels = std::min(max_depth, tokens);
  if (frames.size() < levels) frames.resize(levels);
  // Asked once, as to ask for each string took a twentieth of the time.
  const bool has_escapes = std::memchr(text.data(), '\\', size) != nullptr;
  const Document document{
      text.data(), uint32_t(size), has_escapes, implementation->structural_indexes.get(), tokens};
  s5::Walk walk(document, vocabulary, nodes.data(), frames.data(), failure);
  if (!walk.document(max_depth)) return false;
  node_count = size_t(walk.end() - nodes.data());
  return true;
}

extern "C" s5_json_parser *s5_json_parser_create(const s5_json_word *words, size_t count) {
  try {
    auto parser = std::make_unique<s5_json_parser>();
    for (size_t index = 0; index < count; index++) {
      if (!parser->vocabulary.add(words[index])) return nullptr;
    }
    return parser.release();
  } catch (...) {
    return nullptr;
  }
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
