import Foundation
import Kafka
import System5Core

extension WatchedResult {
  // Interim: until System5Wire writes record lines.
  var jsonLine: String {
    var line = "{\"topic\":\(quoted(topic)),\"partition\":\(partition),\"offset\":\(offset)"
    if let timestamp {
      line += ",\"timestamp\":" + quoted(EmitTime.text(of: Timestamp(milliseconds: timestamp)))
    }
    if let key { line += ",\"key\":" + quoted(String(decoding: key, as: UTF8.self)) }
    let members = headers.map { header in
      quoted(header.name) + ":" + quoted(String(decoding: header.value ?? [], as: UTF8.self))
    }
    line += ",\"headers\":{\(members.joined(separator: ","))}"
    if let value {
      line +=
        JSONFile.parse(Data(value)) == nil
        ? ",\"value_base64\":" + quoted(Data(value).base64EncodedString())
        : ",\"value\":" + String(decoding: value, as: UTF8.self)
    }
    return line + "}"
  }

  private func quoted(_ text: String) -> String { JSONValue.string(Text(text)).canonicalText }
}
