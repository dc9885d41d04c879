/// A C interface over simdjson: one JSON document becomes a flat tape of nodes.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  S5_JSON_NULL = 0,
  S5_JSON_FALSE = 1,
  S5_JSON_TRUE = 2,
  S5_JSON_NUMBER = 3,
  S5_JSON_STRING = 4,
  S5_JSON_ARRAY = 5,
  S5_JSON_OBJECT = 6,
} s5_json_kind;

/// A value, or the name of a member. The members of an object follow it on the tape, each as a
/// string node and the value's nodes; the elements of an array follow it likewise.
typedef struct {
  uint8_t kind;
  /// Of a string that is one of the parser's words its number, from 1; otherwise 0.
  uint8_t word;
  /// How many nodes the value takes with all that it contains, itself included.
  uint32_t extent;
  /// Where the text lies in the parser's copy: of a string without quotes and escapes, of any other
  /// value as it was written.
  uint32_t start;
  uint32_t length;
  /// Where the value lies in the document as it was given.
  uint32_t raw_start;
  uint32_t raw_length;
  /// Of a number the nearest double, infinite if it is beyond all of them.
  double number;
} s5_json_node;

typedef enum {
  S5_JSON_OK = 0,
  S5_JSON_INVALID = 1,
  S5_JSON_TOO_DEEP = 2,
  S5_JSON_NO_MEMORY = 3,
} s5_json_status;

typedef struct {
  s5_json_status status;
  /// What is wrong; static text, NULL if nothing is.
  const char *message;
  /// Where, in bytes from the start of the document; -1 if not known.
  int64_t offset;
  const s5_json_node *nodes;
  size_t count;
  /// What `start` counts from.
  const uint8_t *text;
} s5_json_result;

typedef struct s5_json_parser s5_json_parser;

/// A string that a parser tells from others as it passes.
typedef struct {
  const uint8_t *start;
  size_t length;
} s5_json_word;

/// At most 127 words, numbered from 1 in the order given; they must outlive the parser. Returns NULL
/// when there is no memory or there are too many words.
s5_json_parser *s5_json_parser_create(const s5_json_word *words, size_t count);
void s5_json_parser_destroy(s5_json_parser *parser);

/// Parses a whole document, which is copied. The result points into the parser and holds until the
/// next call. A parser serves one thread at a time.
s5_json_result s5_json_parse(
    s5_json_parser *parser, const void *bytes, size_t length, uint32_t max_depth);

#ifdef __cplusplus
}
#endif
