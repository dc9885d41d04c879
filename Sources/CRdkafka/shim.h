// The only door to librdkafka. Debian 12 ships 2.0.2: use nothing newer from these headers.
#pragma once

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
