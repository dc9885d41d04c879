// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "system5",
  platforms: [.macOS(.v26)],
  products: [
    .executable(name: "system5", targets: ["system5"]),
    .executable(name: "queen", targets: ["Queen"]),
    .library(name: "System5Client", targets: ["System5Client"]),
    .library(name: "System5Core", targets: ["System5Core"]),
    .library(name: "System5Wire", targets: ["System5Wire"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // The only doors to C: librdkafka as Debian packages it, and a C interface over simdjson.
    .systemLibrary(
      name: "CRdkafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
    .target(
      name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
    // The dashboard's page, embedded.
    .target(name: "CDashboard", exclude: ["page"]),

    // Pure: no clock, no randomness, no I/O, no Foundation.
    .target(
      name: "System5Core",
      dependencies: [.product(name: "HashTreeCollections", package: "swift-collections")],
      swiftSettings: strict),
    .target(
      name: "System5Wire", dependencies: ["System5Core", "CSimdjson"],
      exclude: ["Checkpoint/Format.md"], swiftSettings: strict),
    .target(name: "Kafka", dependencies: ["CRdkafka"], swiftSettings: strict),
    .target(
      name: "System5Worker",
      dependencies: [
        "System5Core", "System5Wire", "Kafka",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
      ],
      swiftSettings: strict),
    // For services that tell the worker what happens, and hear what follows.
    .target(
      name: "System5Client",
      dependencies: [
        "System5Core", "System5Wire", "Kafka",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    // An example of such a service: a small System 5.
    .executableTarget(
      name: "Queen",
      dependencies: [
        "System5Client", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    // A backend for swift-metrics; knows nothing of System5.
    .target(
      name: "PrometheusMetrics",
      dependencies: [.product(name: "CoreMetrics", package: "swift-metrics")],
      swiftSettings: strict),
    // The pages and documents that the server serves, as bytes in the binary.
    .target(name: "CAssets", exclude: ["openapi.json"]),
    .target(
      name: "System5Admin",
      dependencies: [
        "System5Core", "System5Wire", "System5Worker", "Kafka", "CAssets",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "HashTreeCollections", package: "swift-collections"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "system5",
      dependencies: [
        "System5Core", "System5Wire", "Kafka", "System5Worker", "System5Admin", "System5Testing",
        "PrometheusMetrics", "CDashboard",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "HashTreeCollections", package: "swift-collections"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      exclude: ["Checkpoints/File.md"], swiftSettings: strict),

    // Shared doubles: the generators, and the simulator that drives the worker's own code.
    .target(
      name: "System5Testing",
      dependencies: [
        "System5Core", "System5Wire", "System5Worker", "Kafka",
        .product(name: "HashTreeCollections", package: "swift-collections"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
      ],
      path: "Sources/System5Testing",
      swiftSettings: strict),

    // Mutated inputs and what must hold for all of them: run by deploy/fuzz.sh at length and by the
    // tests for a moment.
    .target(
      name: "System5Fuzzing",
      dependencies: ["System5Core", "System5Wire", "System5Worker", "System5Testing", "Kafka"],
      swiftSettings: strict),
    .executableTarget(
      name: "system5-fuzz",
      dependencies: [
        "System5Fuzzing", "System5Testing",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "FuzzTests",
      dependencies: ["System5Fuzzing", "System5Core", "System5Wire", "System5Testing"],
      exclude: ["Corpus"],
      swiftSettings: strict),

    .target(name: "CAllocator", path: "Tests/CAllocator"),
    .testTarget(
      name: "System5CoreTests",
      dependencies: [
        "System5Core", "System5Testing", "CAllocator",
        .product(name: "HashTreeCollections", package: "swift-collections"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "System5WireTests", dependencies: ["System5Core", "System5Wire", "System5Testing"],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "PrometheusMetricsTests",
      dependencies: [
        "PrometheusMetrics", .product(name: "Metrics", package: "swift-metrics"),
      ],
      swiftSettings: strict),
    .testTarget(name: "CDashboardTests", dependencies: ["CDashboard"], swiftSettings: strict),
    // For tests whose calls block.
    .target(name: "OwnThreads", path: "Tests/OwnThreads", swiftSettings: strict),
    .testTarget(
      name: "KafkaTests", dependencies: ["Kafka", "CRdkafka", "OwnThreads"],
      swiftSettings: strict),
    .testTarget(
      name: "System5WorkerTests",
      dependencies: [
        "System5Worker", "System5Testing",
        .product(name: "MetricsTestKit", package: "swift-metrics"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "System5AdminTests",
      dependencies: [
        "System5Admin", "System5Core", "System5Wire", "System5Worker", "System5Testing", "Kafka",
        "system5",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTesting", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "System5ClientTests",
      dependencies: [
        "System5Client", "System5Core", "System5Wire", "Kafka",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .testTarget(name: "QueenTests", dependencies: ["Queen"], swiftSettings: strict),
    .testTarget(
      name: "SimulationTests", dependencies: ["System5Testing", "System5Wire"],
      swiftSettings: strict),
    .testTarget(
      name: "System5CommandTests",
      dependencies: [
        "system5", "System5Admin", "System5Core", "System5Wire", "System5Worker", "System5Testing",
        "Kafka", "PrometheusMetrics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "IntegrationTests",
      dependencies: [
        "System5Worker", "System5Testing", "System5Wire", "System5Core", "Kafka", "system5",
        "System5Client", "OwnThreads", "PrometheusMetrics",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: strict),
  ],
  cxxLanguageStandard: .cxx17
)
