#include "CAssets.h"

static const unsigned char openapi[] = {
#embed "openapi.json"
};

const unsigned char *s5_openapi(void) { return openapi; }
size_t s5_openapi_size(void) { return sizeof openapi; }
