import Foundation

/// The process itself, by the names that every Prometheus client gives these; read when asked for.
public enum ProcessMetrics {
  public static let descriptions = [
    MetricDescription(
      .counter, "process_cpu_seconds_total",
      help: "CPU time spent, in user mode and in the kernel.", unit: "seconds"),
    MetricDescription(
      .gauge, "process_resident_memory_bytes", help: "Memory held in RAM.", unit: "bytes"),
    MetricDescription(
      .gauge, "process_virtual_memory_bytes", help: "Address space taken.", unit: "bytes"),
    MetricDescription(
      .gauge, "process_memory_limit_bytes",
      help: "The most memory that the control group allows; absent where there is no limit.",
      unit: "bytes"),
    MetricDescription(.gauge, "process_open_fds", help: "Open file descriptors."),
    MetricDescription(.gauge, "process_max_fds", help: "The most file descriptors allowed."),
    MetricDescription(
      .gauge, "process_start_time_seconds", help: "When the process began, since 1970.",
      unit: "seconds"),
  ]

  /// Adds them to each page of a registry; what the system does not tell is left out.
  public static func collect(in registry: Registry) {
    let files = ProcessFiles()
    registry.addCollector { readings(files) }
  }

  static func readings(_ files: ProcessFiles) -> [Registry.Reading] {
    let status = files.status
    let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
    let pageSize = Double(sysconf(Int32(_SC_PAGESIZE)))
    let started = status.flatMap { status in
      files.bootTime.map { $0 + status.startTicks / ticks }
    }
    let values: [(String, Double?)] = [
      ("process_cpu_seconds_total", status.map { $0.cpuTicks / ticks }),
      ("process_resident_memory_bytes", status.map { $0.residentPages * pageSize }),
      ("process_virtual_memory_bytes", status?.virtualBytes),
      ("process_memory_limit_bytes", files.memoryLimit),
      ("process_open_fds", files.openDescriptors.map(Double.init)),
      ("process_max_fds", files.maxDescriptors),
      ("process_start_time_seconds", started),
    ]
    return values.compactMap { name, value in value.map { Registry.Reading(name, value: $0) } }
  }
}
