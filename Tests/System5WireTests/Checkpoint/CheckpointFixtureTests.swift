import Foundation
import System5Core
import Testing

@testable import System5Wire

/// Checkpoints that were written when version 1 was made: every later program must read them.
///
/// Written anew, into the source tree, by `SYSTEM5_WRITE_FIXTURES=1 swift test --filter writeFixtures`:
/// only ever for a version of which no checkpoint is out there.
@Suite struct CheckpointFixtureTests {
  @Test("a checkpoint of version 1 is read as what it was", arguments: InputTopic.allCases)
  func version1(input: InputTopic) throws {
    let manifest = try CheckpointManifest.parse(try Fixture.read(input, "manifest.json"))
    #expect(manifest.version == 1)
    let content = try Fixture.read(input, "bin")
    var decoder = try CheckpointDecoder(manifest, input: input)
    try decoder.add(content)
    let state = try decoder.finish(rules: CheckpointScene.rules)

    #expect(try StateText.lines(of: state) == Fixture.lines(input))
    let again = try Saved(state, at: manifest.position)
    // A rule that is added changes the digest of them in the header, and nothing else.
    #expect(again.content[Fixture.headerBytes...] == content[Fixture.headerBytes...])
    #expect(again.manifest.position == manifest.position)
    #expect(again.manifest.records == manifest.records)
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["SYSTEM5_WRITE_FIXTURES"] != nil))
  func writeFixtures() throws {
    let scene = try CheckpointScene.after(CheckpointScene.everything(seed: 21)[...])
    for partition in scene.partitions {
      let saved = try Saved(partition, at: 150, chunkBytes: .max)
      try Fixture.write(saved.content, partition.input, "bin")
      try Fixture.write(saved.manifest.line + [10], partition.input, "manifest.json")
      let text = try StateText.lines(of: partition).joined(separator: "\n") + "\n"
      try Fixture.write(Array(text.utf8), partition.input, "state.jsonl")
    }
  }
}

private enum Fixture {
  /// Magic, version and the frame of the header.
  static let headerBytes = 34

  static func name(_ input: InputTopic, _ type: String) -> String {
    "checkpoint-v1-\(input.rawValue).\(type)"
  }

  static func read(_ input: InputTopic, _ type: String) throws -> [UInt8] {
    let folder = try #require(Bundle.module.resourceURL)
    return Array(try Data(contentsOf: folder.appending(path: "Fixtures/\(name(input, type))")))
  }

  static func lines(_ input: InputTopic) throws -> [String] {
    String(decoding: try read(input, "state.jsonl"), as: UTF8.self)
      .split(separator: "\n").map(String.init)
  }

  static func write(_ bytes: [UInt8], _ input: InputTopic, _ type: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    try Data(bytes).write(to: folder.appending(path: "Fixtures/\(name(input, type))"))
  }
}
