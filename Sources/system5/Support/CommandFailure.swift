import Kafka
import System5Admin

/// Why a command ends, as a sentence for people and a code for scripts.
struct CommandFailure: Error, Equatable {
  /// The exit codes of the contract, which are those of sysexits.h.
  enum Code: Int32 {
    case usage = 64
    case badData = 65
    case unavailable = 69
    case fault = 70
    case tryAgain = 75
    case notAuthorised = 77
    case configuration = 78
  }

  let code: Code
  let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The failure that an error of ours or of Kafka's stands for; nil for any other error.
  init?(explaining error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as KafkaError: self.init(error)
    case let error as AdminError: self.init(.configuration, error.description)
    case let error as ConfigurationError:
      self.init(.configuration, "librdkafka refuses the configuration: \(error.reason)")
    default: return nil
    }
  }

  init(_ error: KafkaError, while doing: String? = nil) {
    let place = doing.map { "\($0): " } ?? ""
    self.init(Self.code(of: error), "\(place)\(error.reason) (\(error.name))")
  }

  private static func code(of error: KafkaError) -> Code {
    if error.isAuthentication { return .notAuthorised }
    if error.isTransport || error.isTimeout { return .unavailable }
    if error.isUnknownTopic { return .configuration }
    if error.isMessageTooLarge { return .badData }
    if error.isFenced || error.isRebalanceInProgress || error.isRetriable { return .tryAgain }
    return .fault
  }
}
