/// Pieces of text that readers of JSON, of timestamps and of events trip over.
enum Tokens {
  static let values: [[UInt8]] =
    [
      "null", "true", "false", "{}", "[]", "\"\"", "\"a\"", "0", "-0", "-0.0", "1", "-1", "01",
      "+1",
      ".5", "1.", "0.1", "1e400", "-1e400", "1e-400", "1e308", "1.7976931348623157e308", "5e-324",
      "2.2250738585072011e-308", "1e100", "1.0000000000000001e100", "-1e100", "1e99", "1e", "1e+",
      "1E+2", "20e-1", "2.5", "9007199254740992", "9007199254740993", "9223372036854775807",
      "9223372036854775808", "-9223372036854775808", "18446744073709551616",
      "123456789012345678901234567890", "1e99999999999999999999", "0e99999999999999999999",
      "NaN", "Infinity", "-Infinity", "nan", "0x10", "[1,]", "{\"a\":1,}",
      "{\"a\":1,\"\\u0061\":2}",
      "[[[[[[[[]]]]]]]]", "{\"a\":{\"a\":{\"a\":{}}}}", "{\"\":null}", "\"\\u0000\"", "\"\\ud800\"",
      "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\u12\"", "\"\\x\"", "\"e\u{301}\"",
      "\"\u{e9}\"",
      "\"\u{7f}\"", "\"\u{85}\"", "\"\u{2028}\"", "\"\u{feff}\"", "\"above\"", "\"below\"",
      "\"environment\"", "\"system\"", "\"market\"", "\"1.0\"", "\"web\"", "\"mobile\"",
      "\"1970-01-01T00:00:00Z\"", "\"0000-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.999999Z\"",
      "\"9999-12-31T23:59:59-23:59\"", "\"2016-12-31T23:59:60Z\"", "\"2025-02-29T00:00:00Z\"",
      "\"2024-02-29t00:00:00.1234567z\"", "\"2025-11-23T12:00:00+24:00\"", "\"2025-11-23\"",
      "\"2025-11-23T12:00:00.Z\"", "\"2026-01-01T00:00:00Z\"",
      "\"2025-11-23T08:10:00.\(String(repeating: "9", count: 40))Z\"",
      String(repeating: "9", count: 40), String(repeating: "9", count: 309),
      "0.\(String(repeating: "0", count: 330))1", "1\(String(repeating: "0", count: 400))e-400",
      "\"\(String(repeating: "x", count: 256))\"", "\"\(String(repeating: "x", count: 257))\"",
      "\"\(String(repeating: "\u{e9}", count: 128))\"",
      "{\"a\":\"\(String(repeating: "\\b", count: 1100))\"}",
    ].map { Array($0.utf8) }

  static let pieces: [[UInt8]] =
    [
      "{", "}", "[", "]", "\"", "\\", ":", ",", "/", "//", "/**/", "\\\"", "\\\\", "\\u", "\\ud800",
      "\\u0000", "\\n", "\n", "\r", "\t", " ", "\u{b}", "\u{c}", "\u{a0}", "\u{feff}", "\u{0}",
      "\u{1f}", "\u{7f}", "'", "`", "-", "+", ".", "e", "E", "0", "9", "\"a\":", ",\"a\":1",
      "\":\"",
      "\u{1F600}", "\u{2028}", "\u{10ffff}", "time", "data", "__proto__", "%s%n",
    ].map { Array($0.utf8) } + [
      [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80],
      [0xEF, 0xBB, 0xBF], [0xFE, 0xFF], [0xFF, 0xFE], [0xF8, 0x88, 0x80, 0x80, 0x80],
    ]

  static let members: [[UInt8]] =
    [
      "specversion", "id", "source", "type", "time", "data", "policy", "metadata",
      "expected_version", "to_version", "usage_count", "success_count", "failure_count",
      "adaptation", "anomaly_context", "policy_changes", "domain", "outcome", "success",
      "performance_impact", "stability_impact", "pattern", "trigger_conditions",
      "recommended_actions", "confidence", "min_occurrences", "from_domain", "to_domain", "variety",
      "capacity", "role", "amplifier", "attenuator", "input_variety", "output_variety", "threshold",
      "direction", "recovery_threshold", "for_seconds", "topic", "partition", "offset",
      "timestamp", "key", "key_base64", "headers", "value", "value_base64", "base64",
      "system5_checkpoint", "xxh64", "rules", "a", "\\u0061", "",
    ].map { Array("\"\($0)\"".utf8) }

  static let types: [[UInt8]] =
    [
      "policy.stored", "policy.updated", "policy.rolled-back", "policy.deleted", "policy.restored",
      "policy.effectiveness-recorded", "adaptation.stored", "adaptation.outcome-recorded",
      "pattern.learned", "patterns.extraction-requested", "knowledge.transfer-requested",
      "variety.measured", "variety.amplified", "variety.attenuated", "variety.threshold-set",
      "variety.threshold-cleared", "variety.other",
    ].map { Array("\"system5.\($0)\"".utf8) }

  static let headers: [String] = [
    "content-type", "Content-Type", "ce_id", "ce_source", "ce_type", "ce_specversion", "ce_time",
    "CE_ID", "ce_\u{e9}", "ce_e\u{301}", "", "__system5.errors.code", "base64", "x",
  ]

  static let headerValues: [[UInt8]] =
    [
      "application/json", "application/cloudevents+json; charset=utf-8", "text/plain",
      "application/cloudevents+json", "text/json", "application/x+json;a=b", "APPLICATION/JSON",
      "1.0", "id", "/source", "2025-11-23T12:00:00Z", "system5.variety.measured",
      "system5.policy.stored", "system5.adaptation.stored", "",
    ].map { Array($0.utf8) } + [[0xFF], [0]]

  static let timestamps: [Int64] = [
    .min, .min + 1, .max, .max - 1, 0, 1, -1, 253_402_300_799_999, 253_402_300_800_000,
    -62_167_219_200_000, -62_167_219_200_001, 1_763_884_800_000, 9_223_372_036_854_775,
    9_223_372_036_854_776, -9_223_372_036_854_776,
  ]
}
