import System5Core
import Testing

@Suite struct JSONTests {
  @Test func canonicalTextSortsMembersAndKeepsNumbersAsWritten() throws {
    let number = try #require(JSONNumber("1.10e2"))
    let value: JSONValue = [
      "b": [nil, true, .number(number), 0.5], "a": ["z": "1", "Z": [:]], "é": [],
    ]
    #expect(value.canonicalText == #"{"a":{"Z":{},"z":"1"},"b":[null,true,1.10e2,0.5],"é":[]}"#)
  }

  @Test func canonicalTextEscapesWhatJSONDemands() {
    let value: JSONValue = "\"\\/\n\r\t\u{0}\u{8}\u{1F}\u{7F}😀"
    #expect(
      value.canonicalText
        == "\"\\\"\\\\/\\n\\r\\t\\u0000\\u0008\\u001f\u{7F}😀\"")
  }

  @Test func equalObjectsAreEqualInAnyOrder() {
    let first: JSONObject = ["a": 1, "b": 2]
    let second: JSONObject = ["b": 2, "a": 1]
    #expect(first == second)
    #expect(first.canonicalText == second.canonicalText)
  }

  @Test func numbersAreFinite() {
    #expect(JSONNumber("1e999") == nil)
    #expect(JSONNumber("one") == nil)
    #expect(JSONNumber(Double.nan) == nil)
    #expect(JSONNumber("12345678901234567890")?.text == "12345678901234567890")
  }

  @Test func membersAreSetAndRemoved() {
    var object: JSONObject = ["b": 1]
    object.set("a", to: 2)
    object.set("c", to: nil)
    object.set("b", to: nil)
    #expect(object == ["a": 2])
    #expect(object["b"] == nil)
  }
}

@Suite struct MergePatchTests {
  /// RFC 7396, appendix A, as far as both sides are objects.
  @Test(
    arguments: [
      (["a": "b"], ["a": "c"], ["a": "c"]),
      (["a": "b"], ["b": "c"], ["a": "b", "b": "c"]),
      (["a": "b"], ["a": nil], [:]),
      (["a": "b", "b": "c"], ["a": nil], ["b": "c"]),
      (["a": ["b"]], ["a": "c"], ["a": "c"]),
      (["a": "c"], ["a": ["b"]], ["a": ["b"]]),
      (["a": ["b": "c"]], ["a": ["b": "d", "c": nil]], ["a": ["b": "d"]]),
      (["a": [["b": "c"]]], ["a": [1]], ["a": [1]]),
      (["e": nil], ["a": 1], ["e": nil, "a": 1]),
      ([:], ["a": ["bb": ["ccc": nil]]], ["a": ["bb": [:]]]),
    ] as [(JSONObject, JSONObject, JSONObject)])
  func appendixA(target: JSONObject, patch: JSONObject, result: JSONObject) {
    #expect(target.merging(patch: patch) == result)
  }

  /// RFC 7396, section 3.
  @Test func example() {
    let target: JSONObject = [
      "title": "Goodbye!", "author": ["givenName": "John", "familyName": "Doe"],
      "tags": ["example", "sample"], "content": "This will be unchanged",
    ]
    let patch: JSONObject = [
      "title": "Hello!", "phoneNumber": "+01-123-456-7890", "author": ["familyName": nil],
      "tags": ["example"],
    ]
    #expect(
      target.merging(patch: patch) == [
        "title": "Hello!", "author": ["givenName": "John"], "tags": ["example"],
        "content": "This will be unchanged", "phoneNumber": "+01-123-456-7890",
      ])
  }

  @Test func replacingKeepsNullAndMergesNothingWithin() {
    let target: JSONObject = ["a": ["x": 1], "b": 1, "c": 1]
    #expect(
      target.replacing(with: ["a": ["y": 2], "b": nil, "d": 4])
        == ["a": ["y": 2], "b": nil, "c": 1, "d": 4])
  }
}
