// The words that a parser knows.
#pragma once

#include <stdint.h>

#include <algorithm>
#include <cstring>

#include "csimdjson.h"

namespace s5 {

inline uint64_t eight_bytes(const uint8_t *at) {
  uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// What strings are told apart by: their length, their first eight bytes and their last eight, which
/// for most is all there is to them.
struct Glance {
  uint64_t head = 0;
  uint64_t tail = 0;
  uint32_t length = 0;

  Glance() = default;
  /// Eight bytes from the start on must be there to be read, whatever the length.
  Glance(const uint8_t *start, uint32_t length) : length(length) {
    head = eight_bytes(start);
    if (length >= 8) {
      tail = eight_bytes(start + length - 8);
    } else {
      head &= (uint64_t{1} << (8 * length)) - 1;
    }
  }

  bool operator==(const Glance &other) const {
    return head == other.head && tail == other.tail && length == other.length;
  }
  uint32_t slot() const {
    return uint32_t(((head ^ (tail << 1) ^ length) * 0x9E3779B97F4A7C15) >> 56);
  }
};

/// The words that a parser knows: a hash table with linear probing.
class Vocabulary {
 public:
  bool add(const s5_json_word &word) {
    if (count == most_words || word.length > most_bytes) return false;
    uint8_t padded[most_bytes + 8] = {};
    std::memcpy(padded, word.start, word.length);
    const Glance glance(padded, uint32_t(word.length));
    uint32_t slot = glance.slot();
    while (entries[slot].number != 0) slot = (slot + 1) % slots;
    entries[slot] = {glance, word.start, ++count};
    longest = std::max(longest, uint32_t(word.length));
    return true;
  }

  /// 0 for a string that is none of them.
  uint8_t number(const uint8_t *start, uint32_t length) const {
    if (length > longest) return 0;
    const Glance glance(start, length);
    for (uint32_t slot = glance.slot(); entries[slot].number != 0; slot = (slot + 1) % slots) {
      const Entry &entry = entries[slot];
      if (entry.glance == glance && (length <= 16 || std::memcmp(entry.text, start, length) == 0)) {
        return entry.number;
      }
    }
    return 0;
  }

 private:
  static constexpr size_t most_words = 127;
  static constexpr size_t most_bytes = 64;
  static constexpr uint32_t slots = 256;

  struct Entry {
    Glance glance;
    const uint8_t *text = nullptr;
    uint8_t number = 0;
  };

  Entry entries[slots];
  uint8_t count = 0;
  uint32_t longest = 0;
};

}  // namespace s5
