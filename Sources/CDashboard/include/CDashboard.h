/// The files of the dashboard's page, built into the program.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// All of it lives as long as the program.
typedef struct {
  /// Where the page expects the file, such as `/app/main.js`.
  const char *path;
  const char *content_type;
  /// Not ended by a zero.
  const unsigned char *bytes;
  size_t length;
  /// A hash of the bytes as 16 hexadecimal digits: what an entity tag is made of.
  const char *hash;
} s5_dashboard_file;

/// How many files there are.
size_t s5_dashboard_count(void);

/// The files, ordered by path; NULL from `s5_dashboard_count` on.
const s5_dashboard_file *s5_dashboard_at(size_t index);

/// The file at a path of so many bytes, which need not end in a zero; NULL where there is none. `/`
/// is the page itself. May be called from any thread.
const s5_dashboard_file *s5_dashboard_find(const char *path, size_t length);

#ifdef __cplusplus
}
#endif
