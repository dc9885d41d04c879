internal import CRdkafka

/// What the brokers know of consumer groups, and of themselves.
extension Admin {
  /// How many members a group has at present; 0 for one that nobody knows.
  public func memberCount(ofGroup name: String, timeoutMilliseconds: Int) throws(KafkaError) -> Int
  {
    var list: UnsafePointer<rd_kafka_group_list>?
    let code = rd_kafka_list_groups(client.pointer, name, &list, milliseconds(timeoutMilliseconds))
    rd_kafka_poll(client.pointer, 0)
    defer { if let list { rd_kafka_group_list_destroy(list) } }
    try KafkaError.check(code)
    guard let list else { return 0 }
    let groups = UnsafeBufferPointer(
      start: list.pointee.groups, count: Int(list.pointee.group_cnt))
    var count = 0
    for group in groups where group.group.map({ String(cString: $0) == name }) ?? false {
      try KafkaError.check(group.err)
      count += Int(group.member_cnt)
    }
    return count
  }

  /// The name that the cluster has for itself; nil if it has none, or does not answer in time.
  public func clusterID(timeoutMilliseconds: Int) -> String? {
    guard let name = rd_kafka_clusterid(client.pointer, milliseconds(timeoutMilliseconds)) else {
      return nil
    }
    defer { rd_kafka_mem_free(client.pointer, name) }
    return String(cString: name)
  }
}
