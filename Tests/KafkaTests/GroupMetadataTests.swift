import Testing

@testable import Kafka

@Suite struct GroupMetadataTests {
  private static let plain =
    Array("CGMDv2:".utf8) + [5, 0, 0, 0] + Array("group\0member\0".utf8)

  private func read(_ bytes: [UInt8]) -> GroupMetadataFields? {
    bytes.withUnsafeBytes { GroupMetadataFields($0) }
  }

  @Test func readsADynamicMember() throws {
    let fields = try #require(read(Self.plain + [1]))
    #expect(fields.generation == 5)
    #expect(fields.groupID == "group")
    #expect(fields.memberID == "member")
    #expect(fields.instanceID == nil)
  }

  @Test func readsAStaticMember() throws {
    let fields = try #require(read(Self.plain + [0] + Array("instance\0".utf8)))
    #expect(fields.instanceID == "instance")
  }

  @Test func refusesWhateverIsCutShortOrOtherwise() {
    let whole = Self.plain + [0] + Array("instance\0".utf8)
    for length in 0..<whole.count { #expect(read(Array(whole.prefix(length))) == nil) }
    #expect(read(whole + [0]) == nil)
    #expect(read(Array("CGMDv3:".utf8) + whole.dropFirst(7)) == nil)
  }
}
