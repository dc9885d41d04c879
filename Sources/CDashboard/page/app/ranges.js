const hour = 3600;

/** The ranges a person can choose; `query` is what the API calls them. */
export const ranges = [
  { id: "1h", query: "hour", seconds: hour, label: "1 h", name: "the last hour" },
  { id: "6h", query: String(6 * hour), seconds: 6 * hour, label: "6 h", name: "the last 6 hours" },
  { id: "1d", query: "day", seconds: 24 * hour, label: "1 d", name: "the last day" },
  { id: "7d", query: "week", seconds: 7 * 24 * hour, label: "7 d", name: "the last 7 days" },
];

export const rangeOf = (id) => ranges.find((range) => range.id === id) ?? ranges[0];
