// swift-tools-version: 6.1

import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// A package of its own, so that nobody who builds System5 resolves what only its benchmarks need.
let package = Package(
  name: "benchmarks",
  platforms: [.macOS("26.0")],
  dependencies: [
    .package(name: "system5", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
  ],
  targets: [
    // The events that all benchmarks here are about.
    .target(
      name: "Workload",
      dependencies: [
        .product(name: "System5Core", package: "system5"),
        .product(name: "System5Wire", package: "system5"),
      ],
      swiftSettings: strict),

    // One of the stages in a loop, for a profiler.
    .executableTarget(
      name: "hotpath",
      dependencies: ["Workload", .product(name: "System5Core", package: "system5")],
      swiftSettings: strict),

    // What grows with the number of entities: time, memory, checkpoints.
    .executableTarget(
      name: "scale",
      dependencies: [
        "Workload",
        .product(name: "System5Core", package: "system5"),
        .product(name: "System5Wire", package: "system5"),
      ],
      swiftSettings: strict),

    .executableTarget(
      name: "HotPathBenchmarks",
      dependencies: ["Workload", .product(name: "Benchmark", package: "benchmark")],
      path: "Benchmarks/HotPath",
      swiftSettings: strict,
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
  ]
)
