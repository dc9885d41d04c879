import Metrics
import Testing

@testable import PrometheusMetrics

@Suite struct NamingTests {
  @Test(arguments: [
    ("http.requests-in/flight", "http_requests_in_flight"), ("9lives", "_9lives"), ("", "_"),
    ("größe", "gr__e"), ("a:b", "a:b"), ("a b\n{}\"", "a_b____"), ("_ok1", "_ok1"),
  ])
  func namesOfMetricsAreMadeValid(label: String, name: String) {
    #expect(Naming.metric(label) == name)
  }

  @Test(arguments: [
    ("a:b", "a_b"), ("__name__", "_name__"), ("____", "_"), ("_x", "_x"), ("7", "_7"), ("", "_"),
  ])
  func namesOfLabelsAreMadeValid(dimension: String, name: String) {
    #expect(Naming.label(dimension) == name)
  }

  @Test func twoLabelsThatBecomeOneAreJoined() {
    let labels = LabelSet([("a.b", "2"), ("a-b", "1"), ("c", "3")]).labels
    #expect(labels.map(\.name) == ["a_b", "c"])
    #expect(labels.map(\.value) == ["1;2", "3"])
  }

  @Test func theSameLabelTwiceIsJoinedWhateverTheOrder() {
    #expect(LabelSet([("a", "1"), ("a", "2")]) == LabelSet([("a", "2"), ("a", "1")]))
  }

  @Test func aLabelWithoutAValueIsNone() {
    #expect(LabelSet([("a", ""), ("b", "1")]) == LabelSet([("b", "1")]))
  }

  @Test func labelsThatOnlyCollideInNameAreOneSeries() {
    let scene = Scene()
    scene.counter("jobs.done").increment()
    scene.counter("jobs-done").increment()
    #expect(scene.samples("jobs_done_total ") == ["jobs_done_total 2"])
  }
}
