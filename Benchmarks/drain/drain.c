// The other programs of the drain benchmark: what loads the events, what System5 is compared with,
// and what watches a group until it has read everything.
//
//   drain load BROKERS TOPIC variety|adaptation|policy COUNT
//   drain consume BROKERS GROUP COUNT TOPIC…          reads, and does nothing else
//   drain transact BROKERS GROUP COUNT OUTPUT TOPIC…  a result for 1 %, committed every 100 ms
//   drain watch BROKERS GROUP COUNT TOPIC…            prints how fast the group commits
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drain.h"

enum { batch = 5000, partitions = 4 };

static void load(const char *brokers, const char *topic, kind kind, int count) {
  const property properties[] = {
      {"partitioner", "murmur2"},
      {"linger.ms", "20"},
      {"queue.buffering.max.messages", "1000000"},
      {"enable.idempotence", "true"},
  };
  rd_kafka_t *client = make_client(RD_KAFKA_PRODUCER, brokers, properties, LENGTH(properties));
  for (int number = 0; number < count; number++) {
    char key[32], value[1024];
    const int length = write_event(kind, number, key, value, sizeof value);
    while (rd_kafka_producev(
        client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(key, strlen(key)),
        RD_KAFKA_V_VALUE(value, (size_t)length), RD_KAFKA_V_TIMESTAMP(event_milliseconds(number)),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END)) {
      rd_kafka_poll(client, 10);
    }
  }
  check_code(rd_kafka_flush(client, 120000), "flush");
  rd_kafka_destroy(client);
}

/// Offsets of the last messages, partition by partition.
typedef struct {
  rd_kafka_topic_partition_list_t *list;
} progress;

static void note(progress *progress, rd_kafka_message_t *message) {
  const char *topic = rd_kafka_topic_name(message->rkt);
  rd_kafka_topic_partition_t *entry =
      rd_kafka_topic_partition_list_find(progress->list, topic, message->partition);
  if (!entry) {
    entry = rd_kafka_topic_partition_list_add(progress->list, topic, message->partition);
  }
  entry->offset = message->offset + 1;
}

static void produce_result(rd_kafka_t *producer, const char *topic, rd_kafka_message_t *cause) {
  char value[420];
  memset(value, 'x', sizeof value);
  check_code(
      rd_kafka_producev(
          producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(cause->partition),
          RD_KAFKA_V_KEY(cause->key, cause->key_len), RD_KAFKA_V_VALUE(value, sizeof value),
          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END),
      "produce");
}

static void commit(rd_kafka_t *consumer, rd_kafka_t *producer, progress *progress) {
  rd_kafka_consumer_group_metadata_t *metadata = rd_kafka_consumer_group_metadata(consumer);
  check(
      rd_kafka_send_offsets_to_transaction(producer, progress->list, metadata, 30000),
      "send_offsets");
  rd_kafka_consumer_group_metadata_destroy(metadata);
  check(rd_kafka_commit_transaction(producer, -1), "commit");
}

/// Reads COUNT messages. With a producer, writes results and commits.
static void drain(rd_kafka_t *consumer, rd_kafka_t *producer, const char *output, int count) {
  rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(consumer);
  rd_kafka_message_t **messages = calloc(batch, sizeof *messages);
  progress progress = {rd_kafka_topic_partition_list_new(16)};
  int done = 0, is_open = 0;
  double started = 0, begun = 0;
  while (done < count) {
    // As the worker does: wait for one, then take what is there.
    ssize_t got = rd_kafka_consume_batch_queue(queue, 0, messages, batch);
    if (got == 0) got = rd_kafka_consume_batch_queue(queue, 100, messages, 1);
    if (got > 0 && started == 0) started = now();
    if (got > 0 && producer && !is_open) {
      check(rd_kafka_begin_transaction(producer), "begin");
      is_open = 1;
      begun = now();
    }
    for (ssize_t index = 0; index < got; index++) {
      rd_kafka_message_t *message = messages[index];
      if (!message->err) {
        if (producer && done % 100 == 0) produce_result(producer, output, message);
        if (producer && (index + 1 == got || messages[index + 1]->rkt != message->rkt ||
                         messages[index + 1]->partition != message->partition)) {
          note(&progress, message);
        }
        done++;
      }
    }
    for (ssize_t index = 0; index < got; index++) rd_kafka_message_destroy(messages[index]);
    if (is_open && (done >= count || now() - begun >= 0.1)) {
      commit(consumer, producer, &progress);
      is_open = 0;
    }
  }
  printf("%.6f %d\n", now() - started, done);
  rd_kafka_topic_partition_list_destroy(progress.list);
  free(messages);
  rd_kafka_queue_destroy(queue);
  rd_kafka_consumer_close(consumer);
  if (producer) rd_kafka_destroy(producer);
  rd_kafka_destroy(consumer);
}

/// What the group has committed; a partition without a commit counts as 0.
static int64_t committed(rd_kafka_t *client, rd_kafka_topic_partition_list_t *list) {
  int64_t sum = 0;
  check_code(rd_kafka_committed(client, list, 10000), "committed");
  for (int index = 0; index < list->cnt; index++) {
    if (list->elems[index].offset > 0) sum += list->elems[index].offset;
  }
  return sum;
}

/// From the first commit that is seen to the one that reaches COUNT.
static void watch(const char *brokers, const char *group, int count, char **topics, int number) {
  const property properties[] = {
      {"group.id", group}, {"isolation.level", "read_uncommitted"}};
  rd_kafka_t *client = make_client(RD_KAFKA_CONSUMER, brokers, properties, LENGTH(properties));
  rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(16);
  for (int index = 0; index < number; index++) {
    rd_kafka_topic_partition_list_add_range(list, topics[index], 0, partitions - 1);
  }
  int64_t first = 0, sum = 0;
  double started = 0;
  while (sum < count) {
    usleep(10000);
    sum = committed(client, list);
    if (sum > 0 && first == 0) {
      first = sum;
      started = now();
    }
  }
  printf("%.6f %d\n", now() - started, (int)(count - first));
  rd_kafka_topic_partition_list_destroy(list);
  rd_kafka_destroy(client);
}

static kind kind_named(const char *name) {
  return !strcmp(name, "variety") ? VARIETY : !strcmp(name, "adaptation") ? ADAPTATION : POLICY;
}

int main(int count, char **words) {
  const char *mode = count > 4 ? words[1] : "";
  const char *brokers = count > 2 ? words[2] : "";
  if (!strcmp(mode, "load") && count == 6) {
    load(brokers, words[3], kind_named(words[4]), atoi(words[5]));
  } else if (!strcmp(mode, "consume") && count > 5) {
    drain(make_consumer(brokers, words[3], words + 5, count - 5), NULL, NULL, atoi(words[4]));
  } else if (!strcmp(mode, "transact") && count > 6) {
    rd_kafka_t *producer = make_transactional(brokers, words[3]);
    drain(
        make_consumer(brokers, words[3], words + 6, count - 6), producer, words[5],
        atoi(words[4]));
  } else if (!strcmp(mode, "watch") && count > 5) {
    watch(brokers, words[3], atoi(words[4]), words + 5, count - 5);
  } else {
    die("usage", "see the head of drain.c");
  }
}
