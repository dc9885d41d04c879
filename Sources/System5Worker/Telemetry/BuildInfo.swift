import Kafka
import Metrics

/// What this program is made of.
public enum BuildInfo {
  public static let version = "0.1.0-dev"

  /// The compiler's, as far as the language lets it be asked.
  public static var swift: String {
    #if compiler(>=6.4)
      "6.4"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }

  static func tell(_ factory: any MetricsFactory) {
    WorkerMetric.buildInfo.gauge(version, swift, Librdkafka.version, factory: factory).record(1)
  }
}
