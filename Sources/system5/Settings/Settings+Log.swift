import Logging

extension Settings {
  /// Where a program that goes on running tells what it does: standard error. To be called once.
  func logger() -> Logger {
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    var logger = Logger(label: "system5")
    logger.logLevel = Logger.Level(rawValue: string("log.level")) ?? .info
    return logger
  }
}
