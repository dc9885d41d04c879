internal import CRdkafka

/// A member's standing in its group at one moment: what lets the brokers refuse a commit by a
/// member that has been replaced.
///
/// Confined to the consumer's thread. Owns librdkafka's object, and may outlive the consumer.
public final class GroupMetadata {
  let pointer: OpaquePointer
  private let fields: GroupMetadataFields

  /// The generation of the group; negative when not a member, which no broker would fence.
  public var generation: Int32 { fields.generation }
  /// The member's name, given by the coordinator; empty when not a member.
  public var memberID: String { fields.memberID }
  public var groupID: String { fields.groupID }
  /// The `group.instance.id` of a static member.
  public var instanceID: String? { fields.instanceID }

  /// Whether this names a member of a generation, so that a commit with it can be fenced.
  public var isMember: Bool { generation >= 0 && !memberID.isEmpty }

  /// Takes ownership of `pointer`, also when it throws.
  init(owning pointer: OpaquePointer) throws(KafkaError) {
    var bytes: UnsafeMutableRawPointer?
    var size = 0
    let error = rd_kafka_consumer_group_metadata_write(pointer, &bytes, &size)
    let written = UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : size)
    let fields = GroupMetadataFields(written)
    if let bytes { rd_kafka_mem_free(nil, bytes) }
    guard error == nil, let fields else {
      rd_kafka_consumer_group_metadata_destroy(pointer)
      try KafkaError.check(consuming: error)
      throw KafkaError(
        RD_KAFKA_RESP_ERR__BAD_MSG, reason: "This librdkafka writes group metadata another way")
    }
    self.pointer = pointer
    self.fields = fields
  }

  deinit { rd_kafka_consumer_group_metadata_destroy(pointer) }
}

/// The content of a written group metadata object. librdkafka 2.0.2 has no other way to read it:
/// "CGMDv2:", the generation as a native Int32, then group and member, each with a final NUL, then
/// a byte that is 0 if an instance follows, with a final NUL as well.
struct GroupMetadataFields: Equatable {
  let generation: Int32
  let groupID: String
  let memberID: String
  let instanceID: String?

  init?(_ bytes: UnsafeRawBufferPointer) {
    let magic = "CGMDv2:".utf8
    guard bytes.count >= magic.count + 4, bytes.prefix(magic.count).elementsEqual(magic)
    else { return nil }
    generation = bytes.loadUnaligned(fromByteOffset: magic.count, as: Int32.self)
    var rest = bytes[(magic.count + 4)...]
    guard let group = Self.takeString(&rest), let member = Self.takeString(&rest),
      let isAbsent = rest.popFirst()
    else { return nil }
    groupID = group
    memberID = member
    if isAbsent == 0 {
      guard let instance = Self.takeString(&rest) else { return nil }
      instanceID = instance
    } else {
      instanceID = nil
    }
    guard rest.isEmpty else { return nil }
  }

  private static func takeString(_ bytes: inout Slice<UnsafeRawBufferPointer>) -> String? {
    guard let end = bytes.firstIndex(of: 0) else { return nil }
    defer { bytes = bytes[(end + 1)...] }
    return String(validating: bytes[..<end], as: UTF8.self)
  }
}
