// Between the list of what is embedded and what is looked up in it.
#pragma once

#include "CDashboard.h"

typedef struct {
  /// Its `hash` is set when first looked up.
  s5_dashboard_file file;
  char hash[17];
} s5_embedded_file;

/// Ordered by path.
extern s5_embedded_file s5_embedded_files[];
extern const size_t s5_embedded_count;
