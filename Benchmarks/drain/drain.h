// What the parts of the drain benchmark share.
#pragma once

#include <librdkafka/rdkafka.h>
#include <stdint.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

typedef struct {
  const char *name, *value;
} property;

/// Ends the program with what librdkafka says, unless that is nothing.
void check(rd_kafka_error_t *error, const char *what);
void check_code(rd_kafka_resp_err_t code, const char *what);
_Noreturn void die(const char *what, const char *why);

double now(void);

/// A client with these properties, and those that every client here has.
rd_kafka_t *make_client(
    rd_kafka_type_t type, const char *brokers, const property *properties, size_t count);
/// A member of a group that reads from the start, with the worker's fetch settings.
rd_kafka_t *make_consumer(const char *brokers, const char *group, char **topics, int count);
rd_kafka_t *make_transactional(const char *brokers, const char *id);

/// Writes the event of that number, and the id of its system. Returns the value's length.
typedef enum { VARIETY, ADAPTATION, POLICY } kind;
int write_event(kind kind, int number, char *key, char *value, size_t size);
int64_t event_milliseconds(int number);
