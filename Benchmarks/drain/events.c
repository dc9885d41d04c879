// Events by number, the same each time: 40 systems, 1,000 sources, 2,000 adaptations and 1,000
// policies; ids as long as a UUID.
#include <stdio.h>

#include "drain.h"

enum { systems = 40 };

static const int64_t start = 1795420800000;  // 2026-11-23T08:00:00Z

static uint32_t below(uint32_t bound) {
  static uint64_t state = 0x9E3779B97F4A7C15;
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(state >> 33) % bound;
}

int64_t event_milliseconds(int number) { return start + number; }

/// Every source has a threshold; one in 200 measurements fires an alert, the next resolves it.
static int variety(int system, int item, int is_first, char *data, size_t size) {
  char source[32] = "environment";
  if (item > 0) snprintf(source, sizeof source, "probe-%d-%d", system, item);
  if (is_first) {
    return snprintf(
        data, size, "variety.threshold-set\",%%s\"data\":{\"source\":\"%s\",\"threshold\":120}}",
        source);
  }
  const uint32_t value = below(200) == 0 ? 150 : below(100);
  return snprintf(
      data, size, "variety.measured\",%%s\"data\":{\"source\":\"%s\",\"variety\":%u.%u}}", source,
      value, below(10));
}

/// Outcomes, one in ten with what is needed to store its adaptation.
static int adaptation(int system, int item, int is_first, char *data, size_t size) {
  char description[160] = "";
  if (is_first || below(10) == 0) {
    snprintf(
        description, sizeof description,
        ",\"anomaly_context\":{\"type\":\"latency\",\"region\":\"r%d\",\"severity\":%u},"
        "\"policy_changes\":[\"scale_up\",\"change-%u\"]",
        item % 5, below(10), below(4));
  }
  return snprintf(
      data, size,
      "adaptation.outcome-recorded\",%%s\"data\":{\"adaptation\":\"adaptation-%d-%d\","
      "\"success\":%s,\"performance_impact\":0.%u%s}}",
      system, item, below(4) ? "true" : "false", below(10), description);
}

/// Policies of three fields: most events change one of them.
static int policy(int item, int is_first, char *data, size_t size) {
  const uint32_t limit = below(1000), choice = is_first ? 0 : below(10);
  if (choice == 0) {
    return snprintf(
        data, size,
        "policy.stored\",%%s\"data\":{\"policy\":\"policy-%d\",\"data\":"
        "{\"type\":\"budget\",\"limit\":%u,\"owner\":\"team-%u\"}}}",
        item, limit, below(9));
  }
  if (choice <= 2) {
    return snprintf(
        data, size,
        "policy.effectiveness-recorded\",%%s\"data\":{\"policy\":\"policy-%d\",\"usage_count\":1,"
        "\"success_count\":1}}",
        item);
  }
  return snprintf(
      data, size, "policy.updated\",%%s\"data\":{\"policy\":\"policy-%d\",\"data\":{\"limit\":%u}}}",
      item, limit);
}

int write_event(kind kind, int number, char *key, char *value, size_t size) {
  const int items = kind == ADAPTATION ? 50 : 25;
  const int is_first = number < systems * items;
  const int system = is_first ? number % systems : (int)below(systems);
  const int item = is_first ? number / systems : (int)below((uint32_t)items);
  char data[512], time[48];
  switch (kind) {
    case VARIETY: variety(system, item, is_first, data, sizeof data); break;
    case ADAPTATION: adaptation(system, item, is_first, data, sizeof data); break;
    case POLICY: policy(item, is_first, data, sizeof data); break;
  }
  snprintf(
      time, sizeof time, "\"time\":\"2026-11-23T%02d:%02d:%02d.%03dZ\",", 8 + number / 3600000,
      number / 60000 % 60, number / 1000 % 60, number % 1000);
  sprintf(key, "system-%d", system);
  const int length = snprintf(
      value, size,
      "{\"specversion\":\"1.0\",\"id\":\"%08d-6f1d-4c5e-9b1a-%012x\","
      "\"source\":\"/plant/%d/probes\",\"type\":\"system5.",
      number, below(1u << 30), system);
  return length + snprintf(value + length, size - (size_t)length, data, time);
}
