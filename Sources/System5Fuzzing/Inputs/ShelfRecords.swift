/// Records of a checkpoint partition: keys and values as they come.
struct ShelfRecords {
  struct Record {
    var key: [UInt8]?
    var value: [UInt8]?
  }

  var records: [Record]

  init(_ records: [Record]) { self.records = records }

  init(bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    records = []
    while !reader.isAtEnd, records.count < 64 {
      let flags = reader.byte()
      let key = flags & 1 != 0 ? reader.bytes(Int(reader.byte())) : nil
      records.append(
        Record(key: key, value: flags & 2 != 0 ? reader.bytes(Int(reader.integer(3))) : nil))
    }
  }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for record in records {
      bytes.append((record.key == nil ? 0 : 1) | (record.value == nil ? 0 : 2))
      if let key = record.key { bytes.append(Array(key.prefix(0xFF)), lengthWidth: 1) }
      if let value = record.value { bytes.append(value, lengthWidth: 3) }
    }
    return bytes
  }
}
