#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "files.h"

/// FNV-1a: it tells one build's file from another's, and guards nothing.
static uint64_t hash_of(const s5_dashboard_file *file) {
  uint64_t hash = 0xcbf29ce484222325;
  for (size_t index = 0; index < file->length; index++) {
    hash = (hash ^ file->bytes[index]) * 0x100000001b3;
  }
  return hash;
}

static void write_hashes(void) {
  for (size_t index = 0; index < s5_embedded_count; index++) {
    s5_embedded_file *entry = &s5_embedded_files[index];
    snprintf(entry->hash, sizeof entry->hash, "%016llx", (unsigned long long)hash_of(&entry->file));
    entry->file.hash = entry->hash;
  }
}

static void prepare(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, write_hashes);
}

size_t s5_dashboard_count(void) { return s5_embedded_count; }

const s5_dashboard_file *s5_dashboard_at(size_t index) {
  prepare();
  return index < s5_embedded_count ? &s5_embedded_files[index].file : NULL;
}

const s5_dashboard_file *s5_dashboard_find(const char *path, size_t length) {
  prepare();
  for (size_t index = 0; index < s5_embedded_count; index++) {
    const s5_dashboard_file *file = &s5_embedded_files[index].file;
    if (strlen(file->path) == length && memcmp(file->path, path, length) == 0) return file;
  }
  return NULL;
}
