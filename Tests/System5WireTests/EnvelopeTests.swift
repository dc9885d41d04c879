import System5Core
import System5Wire
import Testing

@Suite struct EnvelopeTests {
  private let good = event("system5.policy.restored", #"{"policy":"p"}"#)

  private func rejection(_ text: String) -> RejectionCode? {
    code(of: Array(text.utf8), as: PolicyEvent.self)
  }

  @Test func readsTheAttributes() throws {
    let value = event(
      "system5.policy.restored", #"{"policy":"p"}"#, time: "1970-01-01T00:00:02Z")
    let event = try decode(value, as: PolicyEvent.self)
    #expect(event.system == "acme")
    #expect(event.id == "e")
    #expect(event.source == "/s")
    #expect(event.time == Timestamp(seconds: 2))
    #expect(event.recordTime == Timestamp(seconds: 1))
  }

  @Test func theRecordsTimestampStandsIn() throws {
    #expect(try decode(good, as: PolicyEvent.self).time == Timestamp(seconds: 1))
    #expect(code(of: good, as: PolicyEvent.self, timestamp: nil) == .notCloudEvent)
    #expect(code(of: good, as: PolicyEvent.self, timestamp: .max) == .notCloudEvent)
  }

  @Test func keys() {
    #expect(code(of: nil, as: PolicyEvent.self, key: nil) == .missingKey)
    #expect(code(of: good, as: PolicyEvent.self, key: []) == .missingKey)
    for key in ["a b", "é", "a/b", String(repeating: "a", count: 129), "a\u{0}"] {
      #expect(code(of: nil, as: PolicyEvent.self, key: Array(key.utf8)) == .badKey)
    }
    for key in ["a", "A.z_0:9-", String(repeating: "a", count: 128)] {
      #expect(code(of: good, as: PolicyEvent.self, key: Array(key.utf8)) == nil)
    }
  }

  @Test func values() {
    #expect(code(of: nil, as: PolicyEvent.self) == .emptyValue)
    #expect(code(of: [], as: PolicyEvent.self) == .emptyValue)
    let space = [UInt8](repeating: 0x20, count: 1_048_576 - good.count)
    #expect(code(of: good + space, as: PolicyEvent.self) == nil)
    #expect(code(of: good + space + [0x20], as: PolicyEvent.self) == .tooLarge)
    #expect(rejection("[") == .notJSON)
    #expect(rejection(String(repeating: "[", count: 100_000)) == .tooDeep)
    #expect(code(of: [0xEF, 0xBB, 0xBF] + good, as: PolicyEvent.self) == .notJSON)
    #expect(code(of: good + [0x78], as: PolicyEvent.self) == .notJSON)
  }

  @Test(arguments: [
    "[]", "7", "{}", #"{"specversion":"0.3","id":"i","source":"s","type":"t","data":{}}"#,
    #"{"specversion":1.0,"id":"i","source":"s","type":"t","data":{}}"#,
    #"{"specversion":"1.0","source":"s","type":"t","data":{}}"#,
    #"{"specversion":"1.0","id":"","source":"s","type":"t","data":{}}"#,
    #"{"specversion":"1.0","id":"\n","source":"s","type":"t","data":{}}"#,
    #"{"specversion":"1.0","id":"i","type":"t","data":{}}"#,
    #"{"specversion":"1.0","id":"i","source":7,"type":"t","data":{}}"#,
    #"{"specversion":"1.0","id":"i","source":"s","data":{}}"#,
    #"{"specversion":"1.0","id":"i","source":"s","type":"t"}"#,
    #"{"specversion":"1.0","id":"i","source":"s","type":"t","data":null}"#,
    #"{"specversion":"1.0","id":"i","source":"s","type":"t","time":"now","data":{}}"#,
    #"{"specversion":"1.0","id":"i","source":"s","type":"t","time":7,"data":{}}"#,
  ])
  func refusesWhatIsNoCloudEvent(text: String) {
    #expect(rejection(text) == .notCloudEvent)
  }

  @Test func types() {
    let unknown = event("system5.policy.invented", #"{"policy":"p"}"#)
    #expect(code(of: unknown, as: PolicyEvent.self) == .unsupportedType)
    #expect(code(of: good, as: VarietyEvent.self) == .unsupportedType)
    #expect(
      throws: Rejection(
        .unsupportedType,
        "The type `system5.policy.restored` belongs on policy.events, not on variety.events.")
    ) { try decode(good, as: VarietyEvent.self) }
  }

  @Test func structuredByContentType() {
    for type in ["application/cloudevents+json; charset=UTF-8", "Application/CloudEvents+JSON"] {
      let headers = [RawHeader("Content-Type", text: type)]
      #expect(code(of: good, as: PolicyEvent.self, headers: headers) == nil)
    }
  }

  /// Attributes in the headers do not make an event of its own in the value binary.
  @Test func structuredByTheValue() throws {
    let headers = binary("Content-Type")
    #expect(try decode(good, as: PolicyEvent.self, headers: headers).id == "e")
    let unversioned = Array(#"{"policy":"p"}"#.utf8)
    #expect(try decode(unversioned, as: PolicyEvent.self, headers: headers).id == "b")
  }

  private func binary(_ changed: String? = nil, _ value: String? = nil) -> [RawHeader] {
    let headers = [
      ("CE_ID", "b"), ("ce_source", "/b"), ("ce_type", "system5.policy.restored"),
      ("ce_specversion", "1.0"), ("ce_time", "1970-01-01T00:00:03Z"),
      ("Content-Type", "application/json; charset=utf-8"),
    ]
    return headers.compactMap { name, text in
      guard name == changed else { return RawHeader(name, text: text) }
      return value.map { RawHeader(name, text: $0) }
    }
  }

  @Test func binaryMode() throws {
    let data = Array(#"{"policy":"p"}"#.utf8)
    let event = try decode(data, as: PolicyEvent.self, headers: binary())
    #expect(event.id == "b")
    #expect(event.source == "/b")
    #expect(event.time == Timestamp(seconds: 3))
    #expect(event.payload == .restored(policy: "p"))
    let untyped = binary("Content-Type")
    #expect(code(of: data, as: PolicyEvent.self, headers: untyped) == nil)
    for (name, value) in [
      ("CE_ID", nil), ("CE_ID", ""), ("ce_source", nil), ("ce_type", nil),
      ("ce_specversion", "0.3"), ("ce_specversion", nil), ("ce_time", "x"),
      ("Content-Type", "text/plain"),
    ] as [(String, String?)] {
      let headers = binary(name, value)
      #expect(code(of: data, as: PolicyEvent.self, headers: headers) == .notCloudEvent)
    }
    #expect(
      code(of: Array("7".utf8), as: PolicyEvent.self, headers: binary()) == .invalidData)
    #expect(code(of: nil, as: PolicyEvent.self, headers: binary()) == .emptyValue)
  }

  @Test func invalidUTF8InAHeader() {
    var headers = binary("CE_ID")
    headers.append(RawHeader("ce_id", [0xFF]))
    let data = Array(#"{"policy":"p"}"#.utf8)
    #expect(code(of: data, as: PolicyEvent.self, headers: headers) == .notCloudEvent)
  }

  @Test func everyRefusalHasACode() {
    for code in Refusal.Code.allCases {
      #expect(RejectionCode(code).rawValue == code.rawValue)
    }
  }
}
