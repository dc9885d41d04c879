import CDashboard
import Foundation
import Testing

/// The page as it lies in the sources.
private let page = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "../../Sources/CDashboard/page").standardizedFileURL

@Suite struct CDashboardTests {
  @Test func everyFileOfThePageIsEmbeddedAsItIs() throws {
    for path in try sourcePaths() {
      let file = try #require(find(path == "index.html" ? "/" : "/" + path), "\(path)")
      let bytes = try Data(contentsOf: page.appending(path: path))
      let isSame = Data(bytes: file.bytes, count: file.length) == bytes
      #expect(isSame, "\(path) has changed since the build")
    }
  }

  @Test func nothingElseIsEmbeddedAndAllOfItInOrder() throws {
    let paths = embedded().map { String(cString: $0.path) }
    #expect(paths.count == (try sourcePaths().count))
    #expect(paths == paths.sorted())
    #expect(s5_dashboard_at(paths.count) == nil)
  }

  @Test func whatIsNotThereIsNotFound() {
    for path in ["", "/app", "/app/main.js/", "/app/main.j", "/../Package.swift", "/index.html"] {
      #expect(find(path) == nil, "\(path)")
    }
  }

  @Test func hashesAreThoseOfTheBytes() {
    for file in embedded() {
      let bytes = UnsafeBufferPointer(start: file.bytes, count: file.length)
      let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
        (hash ^ UInt64(byte)) &* 0x100_0000_01b3
      }
      #expect(UInt64(String(cString: file.hash), radix: 16) == hash)
      #expect(strlen(file.hash) == 16)
    }
  }

  @Test func browsersAreToldWhatTheFilesAre() throws {
    let types = ["/": "text/html; charset=utf-8", "/favicon.svg": "image/svg+xml"]
    for (path, type) in types {
      #expect(String(cString: try #require(find(path)).content_type) == type)
    }
  }

  private func find(_ path: String) -> s5_dashboard_file? {
    s5_dashboard_find(path, path.utf8.count)?.pointee
  }

  private func embedded() -> [s5_dashboard_file] {
    (0..<s5_dashboard_count()).compactMap { s5_dashboard_at($0)?.pointee }
  }

  private func sourcePaths() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: page.path).filter { path in
      (try? page.appending(path: path).resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile
        == true
    }
  }
}
