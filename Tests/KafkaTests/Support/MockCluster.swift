import CRdkafka
import Kafka

/// librdkafka's cluster of mock brokers, which listen on local ports until this is let go.
final class MockCluster {
  /// The requests errors can be pushed for, by their number in Kafka's protocol.
  enum Request: Int16 {
    case produce = 0
    case metadata = 3
    case offsetCommit = 8
    case heartbeat = 12
    case initProducerId = 22
    case addPartitionsToTxn = 24
    case addOffsetsToTxn = 25
    case endTxn = 26
    case txnOffsetCommit = 28
  }

  struct Unavailable: Error {}

  let bootstrapServers: String
  private let client: OpaquePointer
  private let cluster: OpaquePointer

  init(brokers: Int32 = 1) throws {
    // The cluster lives within a client of its own, which is not used for anything else.
    let configuration = rd_kafka_conf_new()
    rd_kafka_conf_set_log_cb(configuration) { _, _, _, _ in }
    guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0) else {
      rd_kafka_conf_destroy(configuration)
      throw Unavailable()
    }
    guard let cluster = rd_kafka_mock_cluster_new(client, brokers) else {
      rd_kafka_destroy(client)
      throw Unavailable()
    }
    self.client = client
    self.cluster = cluster
    // Only from version 4 on can a request for metadata say that no topic is to be created.
    _ = rd_kafka_mock_set_apiversion(cluster, Request.metadata.rawValue, 0, 4)
    bootstrapServers = String(cString: rd_kafka_mock_cluster_bootstraps(cluster))
  }

  deinit {
    rd_kafka_mock_cluster_destroy(cluster)
    rd_kafka_destroy(client)
  }

  func createTopic(_ name: String, partitions: Int32 = 1) throws {
    let code = rd_kafka_mock_topic_create(cluster, name, partitions, 1)
    if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw Unavailable() }
  }

  /// The next requests of this kind are answered with these errors, in this order.
  func push(_ errors: [rd_kafka_resp_err_t], for request: Request) {
    rd_kafka_mock_push_request_errors_array(cluster, request.rawValue, errors.count, errors)
  }

  func setError(_ error: rd_kafka_resp_err_t, ofTopic topic: String) {
    rd_kafka_mock_topic_set_error(cluster, topic, error)
  }

  /// From now on a broker takes requests and keeps its answers to itself, those before too.
  ///
  /// To set it down, as the cluster can, frees its port for an instant; another test may take it
  /// then, and the cluster ends the process.
  func silence(broker: Int32) { _ = rd_kafka_mock_broker_set_rtt(cluster, broker, 3_600_000) }

  /// A silent broker gives all of its answers.
  func unsilence(broker: Int32) { _ = rd_kafka_mock_broker_set_rtt(cluster, broker, 0) }

  func setTransactionCoordinator(of id: String, broker: Int32) {
    _ = rd_kafka_mock_coordinator_set(cluster, "transaction", id, broker)
  }

  func setGroupCoordinator(of id: String, broker: Int32) {
    _ = rd_kafka_mock_coordinator_set(cluster, "group", id, broker)
  }
}
