// How long an alert takes, beside what the way to it costs at least.
//
//   latency BROKERS PREFIX GROUP RATE SECONDS
//
// A worker must be running on PREFIX. Events come at RATE a second, one in ten fires an alert or
// resolves it. Prints the percentiles 50 and 99 in milliseconds of: an event's way to a consumer, a
// transaction of one result and an offset, and an event's way to the alert that it fires, both read
// with read_committed.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "drain.h"

enum { most = 100000, transactions = 60, probes = 10, warm_up = 200 };

static double sent[most], hops[most], alerts[most], commits[transactions];

static int by_size(const void *one, const void *other) {
  const double difference = *(const double *)one - *(const double *)other;
  return (difference > 0) - (difference < 0);
}

static void print(const char *name, double *values, int count) {
  double *sorted = malloc(sizeof *sorted * (size_t)(count + 1));
  int found = 0;
  for (int index = 0; index < count; index++) {
    if (values[index] > 0) sorted[found++] = values[index] * 1000;
  }
  if (found == 0) die(name, "nothing was measured");
  qsort(sorted, (size_t)found, sizeof *sorted, by_size);
  printf("%s %.2f %.2f %d\n", name, sorted[found / 2], sorted[found * 99 / 100], found);
  free(sorted);
}

static void produce(rd_kafka_t *client, const char *topic, int number, const char *data) {
  char value[512];
  const int length = snprintf(
      value, sizeof value,
      "{\"specversion\":\"1.0\",\"id\":\"latency-%08d\",\"source\":\"/latency\",\"type\":\"%s",
      number, data);
  sent[number] = now();
  check_code(
      rd_kafka_producev(
          client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(0), RD_KAFKA_V_KEY("probe", 5),
          RD_KAFKA_V_VALUE(value, (size_t)length), RD_KAFKA_V_TIMESTAMP(event_milliseconds(number)),
          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END),
      "produce");
  rd_kafka_poll(client, 0);
}

/// One source is only there to be measured, the other crosses its threshold every other time.
static void produce_event(rd_kafka_t *client, const char *topic, int number) {
  const char *data =
      "system5.variety.measured\",\"data\":{\"source\":\"background\",\"variety\":50}}";
  if (number == 0) {
    data = "system5.variety.threshold-set\",\"data\":{\"source\":\"probe\",\"threshold\":120}}";
  } else if (number % (2 * probes) == 0) {
    data = "system5.variety.measured\",\"data\":{\"source\":\"probe\",\"variety\":150}}";
  } else if (number % probes == 0) {
    data = "system5.variety.measured\",\"data\":{\"source\":\"probe\",\"variety\":50}}";
  }
  produce(client, topic, number, data);
}

/// Takes what has arrived and notes when; `is_alert`: only what fires counts.
static void take(rd_kafka_t *consumer, double *times, int is_alert) {
  rd_kafka_message_t *message;
  while ((message = rd_kafka_consumer_poll(consumer, 0))) {
    if (!message->err && message->len < 4096) {
      char text[4096];
      memcpy(text, message->payload, message->len);
      text[message->len] = 0;
      const char *id = strstr(text, is_alert ? "\"causationid\":\"latency-" : "\"id\":\"latency-");
      const int counts = id && (!is_alert || strstr(text, "alert.firing"));
      const int number = counts ? atoi(strstr(id, "latency-") + 8) : 0;
      if (number > warm_up && number < most) times[number] = now() - sent[number];
    }
    rd_kafka_message_destroy(message);
  }
}

static void measure_transactions(const char *brokers, const char *group, const char *topic) {
  rd_kafka_t *producer = make_transactional(brokers, group);
  char *topics[] = {(char *)topic};
  rd_kafka_t *consumer = make_consumer(brokers, group, topics, 1);
  rd_kafka_topic_partition_list_t *offsets = rd_kafka_topic_partition_list_new(1);
  while (rd_kafka_assignment(consumer, &offsets) || offsets->cnt == 0) {
    rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, 20);
    if (message) rd_kafka_message_destroy(message);
  }
  offsets->cnt = 1;
  for (int index = 0; index < transactions; index++) {
    rd_kafka_consumer_group_metadata_t *metadata = rd_kafka_consumer_group_metadata(consumer);
    offsets->elems[0].offset = index + 1;
    const double started = now();
    check(rd_kafka_begin_transaction(producer), "begin");
    check_code(
        rd_kafka_producev(
            producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_VALUE("{}", 2), RD_KAFKA_V_END),
        "produce");
    check(rd_kafka_send_offsets_to_transaction(producer, offsets, metadata, 30000), "offsets");
    check(rd_kafka_commit_transaction(producer, -1), "commit");
    commits[index] = now() - started;
    rd_kafka_consumer_group_metadata_destroy(metadata);
  }
  rd_kafka_topic_partition_list_destroy(offsets);
  // The clients end with the program: to destroy them here waits for the broker, long.
}

int main(int count, char **words) {
  if (count != 6) die("usage", "latency BROKERS PREFIX GROUP RATE SECONDS");
  const char *brokers = words[1], *group = words[3];
  const double interval = 1 / atof(words[4]);
  const int last = (int)(atof(words[4]) * atof(words[5])) + warm_up;
  char input[128], output[128], spare[128], name[128];
  snprintf(input, sizeof input, "%svariety.events", words[2]);
  snprintf(output, sizeof output, "%salerts", words[2]);
  snprintf(spare, sizeof spare, "%spatterns", words[2]);
  if (last >= most) die("usage", "too many events");

  snprintf(name, sizeof name, "%s-transactions", group);
  measure_transactions(brokers, name, spare);
  const property properties[] = {{"linger.ms", "0"}};
  rd_kafka_t *producer = make_client(RD_KAFKA_PRODUCER, brokers, properties, 1);
  char *topics[] = {input};
  snprintf(name, sizeof name, "%s-hops", group);
  rd_kafka_t *beside = make_consumer(brokers, name, topics, 1);
  topics[0] = output;
  snprintf(name, sizeof name, "%s-alerts", group);
  rd_kafka_t *alerted = make_consumer(brokers, name, topics, 1);
  const double started = now() + 5;  // until the groups are settled
  for (int number = 0; number < last || now() < started + last * interval + 2;) {
    take(beside, hops, 0);
    take(alerted, alerts, 1);
    if (number < last && now() >= started + number * interval) {
      produce_event(producer, input, number++);
    } else {
      struct timespec pause = {0, 100000};
      nanosleep(&pause, NULL);
    }
  }
  print("hop", hops, last);
  print("transaction", commits, transactions);
  print("alert", alerts, last);
  fflush(stdout);
  _exit(0);
}
