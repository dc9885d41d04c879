#pragma once
#include <malloc.h>
#include <stddef.h>
/// The bytes that the allocator has handed out, its own for each block included.
static inline size_t s5_allocated_bytes(void) {
  struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}
