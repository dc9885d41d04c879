internal import CRdkafka

/// A member of a consumer group, as the group's coordinator describes it.
public struct GroupMember: Sendable, Equatable {
  public let clientID: String
  /// The name of a static member; nil for a dynamic one.
  public let instanceID: String?
  /// The partitions that the group has given it.
  public let assignment: [TopicPartition]

  public init(clientID: String, instanceID: String?, assignment: [TopicPartition]) {
    self.clientID = clientID
    self.instanceID = instanceID
    self.assignment = assignment
  }
}

extension Admin {
  /// Describes the members that a group has at present; none for a group that nobody knows.
  public func members(
    ofGroup name: String, timeoutMilliseconds: Int
  ) throws(KafkaError) -> [GroupMember] {
    let answer = name.withCString { text in
      Result { () throws(KafkaError) in
        var asked: [UnsafePointer<CChar>?] = [text]
        return try request(
          RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, timeoutMilliseconds: timeoutMilliseconds
        ) { options, queue in
          rd_kafka_DescribeConsumerGroups(client.pointer, &asked, asked.count, options, queue)
        } read: { event in
          describedMembers(rd_kafka_event_DescribeConsumerGroups_result(event))
        }
      }
    }
    return try answer.get().get()
  }
}

/// Copies what an answer about one group lends.
private func describedMembers(_ answer: OpaquePointer?) -> Result<[GroupMember], KafkaError> {
  var count = 0
  guard let answer,
    let groups = rd_kafka_DescribeConsumerGroups_result_groups(answer, &count), count > 0,
    let group = groups[0]
  else { return .success([]) }
  if let error = rd_kafka_ConsumerGroupDescription_error(group),
    rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR
  {
    return .failure(
      KafkaError(
        rd_kafka_error_code(error), reason: String(cString: rd_kafka_error_string(error))))
  }
  return .success(
    (0..<rd_kafka_ConsumerGroupDescription_member_count(group)).compactMap { index in
      rd_kafka_ConsumerGroupDescription_member(group, index).map { GroupMember(reading: $0) }
    })
}

extension GroupMember {
  fileprivate init(reading member: OpaquePointer) {
    let assignment = rd_kafka_MemberDescription_assignment(member)
      .flatMap { rd_kafka_MemberAssignment_partitions($0) }
    self.init(
      clientID: rd_kafka_MemberDescription_client_id(member).map { String(cString: $0) } ?? "",
      instanceID: rd_kafka_MemberDescription_group_instance_id(member)
        .map { String(cString: $0) },
      assignment: assignment.map { PartitionList.partitions(in: $0) } ?? [])
  }
}
