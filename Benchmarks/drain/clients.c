#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "drain.h"

void die(const char *what, const char *why) {
  fprintf(stderr, "drain: %s: %s\n", what, why);
  exit(1);
}

void check(rd_kafka_error_t *error, const char *what) {
  if (error) die(what, rd_kafka_error_string(error));
}

void check_code(rd_kafka_resp_err_t code, const char *what) {
  if (code) die(what, rd_kafka_err2str(code));
}

double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
  char why[256];
  if (rd_kafka_conf_set(conf, name, value, why, sizeof why)) die(name, why);
}

rd_kafka_t *make_client(
    rd_kafka_type_t type, const char *brokers, const property *properties, size_t count) {
  char why[256];
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", brokers);
  for (size_t index = 0; index < count; index++) {
    set(conf, properties[index].name, properties[index].value);
  }
  rd_kafka_t *client = rd_kafka_new(type, conf, why, sizeof why);
  if (!client) die("client", why);
  return client;
}

rd_kafka_t *make_consumer(const char *brokers, const char *group, char **topics, int count) {
  const property properties[] = {
      {"group.id", group},
      {"enable.auto.commit", "false"},
      {"enable.auto.offset.store", "false"},
      {"auto.offset.reset", "earliest"},
      {"isolation.level", "read_committed"},
      {"session.timeout.ms", "2000"},
      {"heartbeat.interval.ms", "500"},
      {"fetch.queue.backoff.ms", "10"},
      {"queued.max.messages.kbytes", "65536"},
  };
  rd_kafka_t *client = make_client(RD_KAFKA_CONSUMER, brokers, properties, LENGTH(properties));
  rd_kafka_poll_set_consumer(client);
  rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(count);
  for (int index = 0; index < count; index++) {
    rd_kafka_topic_partition_list_add(list, topics[index], RD_KAFKA_PARTITION_UA);
  }
  check_code(rd_kafka_subscribe(client, list), "subscribe");
  rd_kafka_topic_partition_list_destroy(list);
  return client;
}

rd_kafka_t *make_transactional(const char *brokers, const char *id) {
  const property properties[] = {{"transactional.id", id}};
  rd_kafka_t *client = make_client(RD_KAFKA_PRODUCER, brokers, properties, LENGTH(properties));
  check(rd_kafka_init_transactions(client, 30000), "init_transactions");
  return client;
}
