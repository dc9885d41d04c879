#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

func fail(_ message: String) -> Never {
  print(message)
  exit(64)
}

/// There must be one.
func middle(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

func cpuSeconds(of body: () -> Void) -> Double {
  let started = clock()
  body()
  return Double(clock() - started) / Double(CLOCKS_PER_SEC)
}

func wallSeconds(of body: () -> Void) -> Double {
  let (seconds, attoseconds) = ContinuousClock().measure(body).components
  return Double(seconds) + Double(attoseconds) * 1e-18
}

/// What of the process is in memory, by the kernel's account.
func residentBytes() -> Int {
  guard let file = fopen("/proc/self/statm", "r") else { fail("needs /proc/self/statm") }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 128)
  guard fgets(&line, Int32(line.count), file) != nil else { fail("statm is empty") }
  let words = line.split(separator: CChar(UInt8(ascii: " ")))
  let pages = words[1].reduce(0) { $0 * 10 + Int($1) - 48 }
  return pages * sysconf(Int32(_SC_PAGESIZE))
}
