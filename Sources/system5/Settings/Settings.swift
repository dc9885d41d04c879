import Configuration
import Synchronization

/// The settings in force, and where each comes from.
struct Settings: Sendable {
  /// Where a value may come from, the strongest first.
  enum Source: String, CaseIterable, Comparable, Sendable {
    case flag, environment, file, standard = "default"

    /// The source for people, and the variable's name if it is one.
    func place(of key: String) -> String {
      guard self == .environment else { return rawValue }
      let variable = key.uppercased().map { $0 == "." ? "_" : $0 }
      return "environment: SYSTEM5_\(String(variable))"
    }

    /// The stronger source is the smaller.
    static func < (left: Source, right: Source) -> Bool {
      (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
  }

  struct Entry: Sendable {
    let key: String
    let value: String
    let source: Source
    let isSecret: Bool
  }

  /// In the order of `Setting.all`, then those under `kafka.` by name.
  let entries: [Entry]

  /// Every key must be known and every value be good, also where a stronger source hides it.
  init(layers: [Source: [String: String]]) throws(CommandFailure) {
    for source in Source.allCases {
      for (key, value) in (layers[source] ?? [:]).sorted(by: { $0.key < $1.key }) {
        try Self.check(key, value, from: source)
      }
    }
    let kafka = Set(layers.values.flatMap(\.keys)).filter { $0.hasPrefix(KafkaProperty.prefix) }
    let recorder = SourceRecorder()
    let reader = ConfigReader(
      providers: Source.allCases.map { Self.provider($0, layers[$0] ?? [:]) },
      accessReporter: recorder)
    entries = (Setting.all.map(\.key) + kafka.sorted()).compactMap { key in
      let isSecret = KafkaProperty.isSecret(key)
      guard let value = reader.string(forKey: ConfigKey(key), isSecret: isSecret),
        let source = recorder.last
      else { return nil }
      return Entry(key: key, value: value, source: source, isSecret: isSecret)
    }
  }

  /// The value in force; nil if the setting has none.
  subscript(key: String) -> String? { entries.first { $0.key == key }?.value }

  /// The value of a setting that has a default; it was checked when the settings were read.
  func string(_ key: String) -> String { self[key] ?? "" }
  func integer(_ key: String) -> Int { self[key].flatMap { Int($0) } ?? 0 }

  private static func check(
    _ key: String, _ value: String, from source: Source
  ) throws(CommandFailure) {
    if key.hasPrefix(KafkaProperty.prefix) {
      if let complaint = KafkaProperty.complaint(about: key) {
        throw CommandFailure(.configuration, "\(complaint) (\(source.place(of: key)))")
      }
    } else if let setting = Setting.named(key) {
      if let wanted = setting.complaint(value) {
        throw CommandFailure(
          .configuration, "\(key) must be \(wanted), not \"\(value)\" (\(source.place(of: key)))")
      }
    } else {
      throw CommandFailure(
        .configuration,
        "there is no setting \(key) (\(source.place(of: key))); see `system5 config`")
    }
  }

  private static func provider(
    _ source: Source, _ values: [String: String]
  ) -> InMemoryProvider {
    var keyed: [AbsoluteConfigKey: ConfigValue] = [:]
    for (key, value) in values {
      keyed[AbsoluteConfigKey(ConfigKey(key))] = ConfigValue(
        .string(value), isSecret: KafkaProperty.isSecret(key))
    }
    return InMemoryProvider(name: source.rawValue, values: keyed)
  }
}

/// Notes which source the latest value came from.
private final class SourceRecorder: AccessReporter {
  private let latest = Mutex<Settings.Source?>(nil)

  var last: Settings.Source? { latest.withLock { $0 } }

  /// Providers are asked in order until one has a value, and each answer is in the event.
  func report(_ event: AccessEvent) {
    let answered = event.providerResults.firstIndex { answer in
      if case .success(let found) = answer.result { found.value != nil } else { false }
    }
    latest.withLock { $0 = answered.map { Settings.Source.allCases[$0] } }
  }
}
