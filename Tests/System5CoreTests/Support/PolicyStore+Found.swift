@testable import System5Core

/// What a store holds, told without the collection it is held in.
extension PolicyStore {
  /// The policy, deleted or not; nil where there is none.
  func found(_ policy: Text, system: Text = "acme") -> Policy? {
    try? state(of: system).known(policy)
  }

  /// nil where nothing is known of the system.
  func streamTime(of system: Text = "acme") -> Timestamp? { state(of: system).streamTime }

  func all(of system: Text = "acme") -> [Policy] {
    listPolicies(limit: .max, system: system).policies
  }
}
