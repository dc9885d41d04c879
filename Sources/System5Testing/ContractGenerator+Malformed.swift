import System5Wire

extension ContractGenerator {
  mutating func malformed() -> RecordLine {
    switch pick(Array(0..<10)) {
    case 0: wrongKey()
    case 1...2: wrongText()
    case 3: tooMuch()
    case 4...5: wrongEnvelope()
    default: wrongData()
    }
  }

  private mutating func sound() -> RecordLine {
    let (type, data) = event()
    return record(type, data)
  }

  private mutating func wrongKey() -> RecordLine {
    var line = sound()
    let long = String(repeating: "k", count: pick([128, 129]))
    line.key =
      chance(4) ? nil : chance(5) ? [0xFF] : Array(pick(["", "two words", "ü", long]).utf8)
    return line
  }

  private mutating func wrongText() -> RecordLine {
    var line = sound()
    let value = line.value ?? []
    let texts = [
      #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, "[1,2,]", "[01]", "[1.]", "[NaN]", "nul",
      #"["\ud800"]"#, #"["\ud83d\ude00"]"#, "[\"\t\"]", "7", "\"text\"", "null", "",
    ]
    switch pick(Array(0..<9)) {
    case 0: line.value = nil
    case 1: line.value?.removeLast()
    case 2: line.value?.append(UInt8(ascii: "}"))
    case 3: line.value = [0xEF, 0xBB, 0xBF] + value
    case 4: line.value = Array(" \n\t".utf8) + value + Array(" \r\n".utf8)
    case 5: line.value = [0x22, 0xC3, 0x28, 0x22]
    default: line.value = Array(pick(texts).utf8)
    }
    return line
  }

  private mutating func tooMuch() -> RecordLine {
    var (type, data) = event()
    switch pick([0, 1, 1, 2, 2, 3, 4]) {
    case 0:
      let depth = pick([61, 62, 63, 64, 65])
      data.append(
        ("nest", String(repeating: "[", count: depth) + String(repeating: "]", count: depth)))
    case 1:
      var line = record(type, data)
      let length = 1_048_576 + pick([0, 1]) - (line.value?.count ?? 0)
      line.value?.append(contentsOf: [UInt8](repeating: 0x20, count: length))
      return line
    case 2:
      let name = pick(["data", "metadata"])
      data.removeAll { $0.name == name }
      let filling = String(repeating: "x", count: pick([60_000, 70_000]))
      data.append((name, "{\"filling\":\"\(filling)\"}"))
    case 3:
      data.append(("ignored", pick(["1e999", "-1e999", "{\"n\":1e400}"])))
    default:
      data.append((pick(["metadata", "data", "anomaly_context"]), "{\"n\":[1e400]}"))
    }
    // A name given twice is another mistake than the one meant.
    var seen = Set<String>()
    data = data.reversed().filter { seen.insert($0.name).inserted }
    return record(type, data)
  }

  /// A text of whatever kind in the place of one that is right.
  private mutating func anything() -> String {
    pick([
      "null", "-1", "0", "1.5", "1e101", "-1e101", "1e999", "9007199254740992", "\"\"", "\"x\"",
      "\"\\u0007\"", "\"\\u0085\"", "\"é\"", "true", "false", "[]", "{}", "[1]", "[\"a\",null]",
      "\"" + String(repeating: "é", count: 128) + "\"",
      "\"" + String(repeating: "é", count: 128) + "x\"",
    ])
  }

  private mutating func wrongData() -> RecordLine {
    var (type, data) = event()
    if data.isEmpty { data = [("min_occurrences", "0")] }
    let index = Int.random(in: 0..<data.count, using: &random)
    if chance(4) { data.remove(at: index) } else { data[index].text = anything() }
    return record(type, data)
  }

  private mutating func wrongEnvelope() -> RecordLine {
    let (type, data) = event()
    let topic = pick(["policy", "adaptation", "variety"])
    var envelope: Fields = [
      ("specversion", "\"1.0\""), ("id", text("w-\(pick(Array(0...9)))")),
      ("source", text("/wrong")), ("type", text(chance(4) ? type + "s" : type)),
    ]
    let times = [
      "yesterday", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-23 08:00:00Z",
      "2026-11-23T08:00:00", "2026-11-23T24:00:00Z", "2026-11-23T08:00:00.Z",
      "2020-02-29t08:00:00.1234567z", "2026-11-23T08:00:00+24:00",
    ]
    if chance(3) { envelope.append(("time", text(pick(times)))) }
    let index = Int.random(in: 0..<envelope.count, using: &random)
    if chance(4) {
      envelope.remove(at: index)
    } else if chance(2) {
      envelope[index].text = anything()
    }
    let text = ContractGenerator.object(data)
    return record(on: topic, envelope, data: chance(8) ? anything() : text)
  }
}
