import System5Wire

/// Reads record lines from files.
enum RecordLines {
  /// The next line that is not empty; nil at the end of the file.
  static func next(
    from reader: inout LineReader, by coder: RecordLineCoder
  ) throws -> RecordLine? {
    while true {
      let parsed = try reader.next { bytes -> Result<RecordLine, RecordLineError>? in
        if bytes.isEmpty { return nil }
        return Result { () throws(RecordLineError) in try coder.parse(bytes) }
      }
      guard let parsed else { return nil }
      switch parsed {
      case nil: continue
      case .success(let line)?: return line
      case .failure(let error)?:
        throw CommandFailure(.badData, "\(reader.place): \(error.description)")
      }
    }
  }
}
