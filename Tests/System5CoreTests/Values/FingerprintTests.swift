import Testing

@testable import System5Core

/// The expected ids come from an independent FNV-1a 128 in Python.
@Suite struct FingerprintTests {
  @Test func idsAreStable() {
    #expect(
      Fingerprint.id(of: "acme", "variety-threshold", "environment", "above")
        == "1f4598c1bd5e20c1cd1cdc3e082c014f")
    #expect(Fingerprint.id(of: "é") == "a68a93d11a8b5822836dbc7850e7e92a")
    #expect(Fingerprint.id(of: "") == "d228cb68f51a8caf78912b704e49f346")
  }

  @Test func listsDoNotRunTogether() {
    #expect(Fingerprint.id(of: "ab", "c") == "32763e664083d94f70814487f805ad59")
    #expect(Fingerprint.id(of: "a", "bc") != Fingerprint.id(of: "ab", "c"))
    #expect(Fingerprint.id(of: "ab", "c", "") != Fingerprint.id(of: "ab", "c"))
  }
}
