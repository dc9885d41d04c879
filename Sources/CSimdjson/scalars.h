// Strings and numbers: what they are spelt as, and what that stands for.
#pragma once

#include <locale.h>
#include <stdlib.h>

#include <charconv>
#include <cmath>
#include <string>

#include "csimdjson.h"
#include "failure.h"

namespace s5 {

inline bool is_space(uint8_t byte) {
  return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

inline bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

/// Whether a scalar may end before this byte.
inline bool ends_scalar(uint8_t byte) {
  return is_space(byte) || byte == ',' || byte == ']' || byte == '}' || byte == ':';
}

inline int hex_digit(uint8_t byte) {
  if (is_digit(byte)) return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

/// The four digits of `\uXXXX`; -1 if they are none.
inline int32_t code_unit(const uint8_t *at, const uint8_t *end) {
  if (end - at < 4) return -1;
  int32_t unit = 0;
  for (int index = 0; index < 4; index++) {
    const int digit = hex_digit(at[index]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

inline uint8_t *write_utf8(uint32_t scalar, uint8_t *to) {
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

inline int simple_escape(uint8_t byte) {
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
inline int32_t escaped_scalar(const uint8_t *&at, const uint8_t *end) {
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

/// In place: what an escape stands for is never longer than the escape.
inline bool unescape(
    uint8_t *text, s5_json_node &string, uint8_t *escape, Failure &failure) {
  const uint8_t *const end = text + string.start + string.length;
  const uint8_t *from = escape;
  uint8_t *to = escape;
  while (from < end) {
    if (*from != '\\') {
      *to++ = *from++;
      continue;
    }
    const int64_t offset = from - text;
    if (end - from < 2) {
      failure = invalid("a bad escape", offset);
      return false;
    }
    const uint8_t letter = from[1];
    from += 2;
    if (letter == 'u') {
      const int32_t scalar = escaped_scalar(from, end);
      if (scalar < 0) {
        failure = invalid("a bad escape or a lone surrogate", offset);
        return false;
      }
      to = write_utf8(uint32_t(scalar), to);
    } else {
      const int character = simple_escape(letter);
      if (character < 0) {
        failure = invalid("a bad escape", offset);
        return false;
      }
      *to++ = uint8_t(character);
    }
  }
  string.length = uint32_t(to - text) - string.start;
  return true;
}

/// strtod knows infinity from underflow, which from_chars does not; the "C" locale has a point.
inline double number_out_of_range(const char *first, const char *last) {
  static const locale_t plain = newlocale(LC_ALL_MASK, "C", nullptr);
  const std::string copy(first, last);
  return plain == nullptr ? HUGE_VAL : strtod_l(copy.c_str(), nullptr, plain);
}

inline double number_value(const uint8_t *start, const uint8_t *end) {
  const char *const first = reinterpret_cast<const char *>(start);
  const char *const last = reinterpret_cast<const char *>(end);
  double value = 0;
  const auto result = std::from_chars(first, last, value);
  return result.ec == std::errc() ? value : number_out_of_range(first, last);
}

/// Numbers of up to so many digits are integers that a double holds, and so are the powers of ten
/// that they are divided by: the quotient is rounded once, to the nearest (W. D. Clinger, "How to
/// Read Floating Point Numbers Accurately", 1990). Others, and those with exponents, take longer.
constexpr int exact_digits = 15;
constexpr double powers_of_ten[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

}  // namespace s5
