import Kafka
import System5Core
import System5Worker

extension Settings {
  /// What `run` hands to the worker.
  func workerConfiguration() throws(CommandFailure) -> WorkerConfiguration {
    var configuration = WorkerConfiguration(brokers: string("brokers"))
    configuration.group = string("group")
    configuration.prefix = string("prefix")
    configuration.pipelines = integer("pipelines")
    configuration.delivery = Delivery(rawValue: string("delivery")) ?? .exactlyOnce
    configuration.instance = self["instance"].flatMap { $0.isEmpty ? nil : $0 }
    configuration.commitInterval = .milliseconds(integer("commit.interval.ms"))
    configuration.isStaticMember = string("membership") != "dynamic"
    configuration.checkpointRecords = integer("checkpoint.records")
    configuration.checkpointInterval = .milliseconds(integer("checkpoint.interval.ms"))
    configuration.sessionTimeout = .milliseconds(integer("session.timeout.ms"))
    configuration.maxPollInterval = .milliseconds(integer("max.poll.interval.ms"))
    configuration.transactionTimeout = .milliseconds(integer("transaction.timeout.ms"))
    configuration.maxBatch = integer("batch.records")
    configuration.fetchAheadKilobytes = integer("fetch.ahead.kilobytes")
    configuration.fromBeginning = string("from.beginning") == "true"
    configuration.rules = try rules()
    let properties = try kafkaProperties()
    for name in properties.names { configuration.kafkaProperties[name] = properties[name] }
    return configuration
  }

  /// The rules of the file that `rules.file` names, else the defaults.
  func rules() throws(CommandFailure) -> Rules {
    guard let path = self["rules.file"], !path.isEmpty else { return Rules() }
    return try RulesFile.read(path)
  }
}
