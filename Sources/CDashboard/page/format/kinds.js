/** What a person reads for the contract's names. */
export const alertKinds = {
  "variety-threshold": "Threshold",
  "requisite-variety": "Requisite variety",
  "critical-trend": "Critical trend",
};

export const trendKinds = {
  increasing: { icon: "rising", name: "rising" },
  decreasing: { icon: "falling", name: "falling" },
  stable: { icon: "steady", name: "stable" },
  insufficient_data: { icon: "unknown", name: "too few measurements" },
};

export const shardStatuses = {
  live: { icon: "check", name: "live" },
  restoring: { icon: "hourglass", name: "restoring" },
  "taking-over": { icon: "hourglass", name: "taking over" },
};
