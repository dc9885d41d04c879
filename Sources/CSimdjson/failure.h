// Why a document is refused.
#pragma once

#include <stdint.h>

#include "csimdjson.h"

namespace s5 {

struct Failure {
  s5_json_status status;
  const char *message;
  int64_t offset;
};

inline Failure invalid(const char *message, int64_t offset) {
  return Failure{S5_JSON_INVALID, message, offset};
}

}  // namespace s5
