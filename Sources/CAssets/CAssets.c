#include "CAssets.h"

// Clang has #embed in every version of C, and warns before C23.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char openapi[] = {
#embed "openapi.json"
};

const unsigned char *s5_openapi(void) { return openapi; }
size_t s5_openapi_size(void) { return sizeof openapi; }
