/// One line of a CSV file. Quoted fields may hold commas and doubled quotes, but no line ends.
enum CSVRow {
  /// nil where a quote is not closed or text follows a closing one.
  static func fields(of line: UnsafeRawBufferPointer) -> [String]? {
    var fields: [String] = []
    var index = line.startIndex
    while true {
      guard let field = nextField(line, &index) else { return nil }
      fields.append(String(decoding: field, as: UTF8.self))
      if index == line.endIndex { return fields }
      guard line[index] == comma else { return nil }
      index += 1
    }
  }

  private static let comma = UInt8(ascii: ",")
  private static let quote = UInt8(ascii: "\"")

  private static func nextField(
    _ line: UnsafeRawBufferPointer, _ index: inout Int
  ) -> [UInt8]? {
    guard index < line.endIndex, line[index] == quote else {
      let end = line[index...].firstIndex(of: comma) ?? line.endIndex
      defer { index = end }
      return Array(line[index..<end])
    }
    return quotedField(line, &index)
  }

  private static func quotedField(
    _ line: UnsafeRawBufferPointer, _ index: inout Int
  ) -> [UInt8]? {
    var field: [UInt8] = []
    index += 1
    while index < line.endIndex {
      let byte = line[index]
      index += 1
      if byte != quote {
        field.append(byte)
      } else if index < line.endIndex, line[index] == quote {
        field.append(quote)
        index += 1
      } else {
        return field
      }
    }
    return nil
  }
}
