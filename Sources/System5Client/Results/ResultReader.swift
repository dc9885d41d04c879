internal import System5Core
internal import System5Wire

/// Reads results out of records, with buffers that it keeps. Confined to one thread.
final class ResultReader {
  private let parser = JSONParser()

  /// Never fails: what it cannot read it says.
  func read(_ value: [UInt8], at place: RecordPlace) -> ResultEvent {
    var id = ""
    do throws(UnreadableResult) {
      let event = try event(value)
      id = try event.text("id")
      return try result(event, id: id, at: place)
    } catch {
      return ResultEvent(
        id: id, system: "", time: nil, cause: nil, place: place,
        content: .unreadable(reason: error.reason))
    }
  }

  private func event(_ value: [UInt8]) throws(UnreadableResult) -> ResultFields {
    let root: JSONValue
    do throws(JSONError) {
      root = try parser.value(of: value)
    } catch {
      throw UnreadableResult("The value is not valid JSON: \(error.description).")
    }
    guard case .object(let object) = root, object["specversion"] == "1.0" else {
      throw UnreadableResult("The value is not a CloudEvent of version 1.0.")
    }
    return ResultFields(name: "", object: object)
  }

  private func result(
    _ event: ResultFields, id: String, at place: RecordPlace
  ) throws(UnreadableResult) -> ResultEvent {
    let data = try event.required("data").fields()
    return ResultEvent(
      id: id, system: try data.text("system"), time: try event.time("time"),
      cause: try event.optional("causationid") { (field) throws(UnreadableResult) in
        try field.text()
      },
      place: place, content: try content(try event.text("type"), data))
  }

  private func content(
    _ type: String, _ data: ResultFields
  ) throws(UnreadableResult) -> ResultEvent.Content {
    switch type {
    case "system5.alert.firing": .alertFiring(try Alert(data))
    case "system5.alert.resolved": .alertResolved(try Alert(data))
    case "system5.pattern.derived": .patternDerived(try DerivedPattern(data))
    case "system5.pattern.transferred": .patternTransferred(try TransferredPattern(data))
    case "system5.pattern.retired": .patternRetired(try RetiredPattern(data))
    case "system5.gap.analysed": .gapAnalysed(try GapAnalysis(data))
    case "system5.trends.analysed": .trendsAnalysed(try TrendAnalysis(data))
    default: throw UnreadableResult("The type `\(type)` is unknown.")
    }
  }
}
