#pragma once
#include <stddef.h>

/// Documents that lie in the binary as they lie in the sources.
const unsigned char *s5_openapi(void);
size_t s5_openapi_size(void);
