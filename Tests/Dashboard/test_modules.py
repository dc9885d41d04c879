"""The parts of the page that need no page: run in the browser, as that is what they are for."""

import json
import unittest

from browsing import REAL_URL, PageTest


@unittest.skipIf(REAL_URL, "the same files as the mock serves")
class ModuleTest(PageTest):
    def setUp(self) -> None:
        super().setUp()
        self.serve(None)
        # Any document of the same server will do. This one brings nothing else with it, so that
        # the browser asks for an icon where there is none.
        self.expects_failed_loads = True
        self.browser.go(f"{self.url}/favicon.svg")
        self.until("location.pathname === '/favicon.svg' && document.readyState === 'complete'")

    def call(self, module: str, expression: str) -> object:
        return self.run_js(f"import('{module}').then((m) => ({expression}))")

    def test_a_diff_names_what_changed(self) -> None:
        before = {"a": 1, "b": {"c": [1, 2, 3], "x y": True}, "gone": None}
        after = {"a": 1, "b": {"c": [0, 1, 3, 4], "x y": False}, "new": {"z": 1}}
        found = self.call(
            "/data/json-diff.js", f"m.jsonDiff({json.dumps(before)}, {json.dumps(after)})"
        )
        self.assertEqual(
            [(change["kind"], change["path"]) for change in found],
            [
                ("added", "b.c[0]"),
                ("removed", "b.c[1]"),
                ("added", "b.c[3]"),
                ("changed", 'b["x y"]'),
                ("removed", "gone"),
                ("added", "new"),
            ],
        )

    def test_a_diff_of_the_same_is_empty(self) -> None:
        self.assertEqual(
            self.call("/data/json-diff.js", "m.jsonDiff({a: [1, {b: 2}]}, {a: [1, {b: 2}]})"), []
        )

    def test_a_diff_goes_into_elements_that_pair_up(self) -> None:
        found = self.call("/data/json-diff.js", "m.jsonDiff([{n: 1, k: 2}, 5], [{n: 1, k: 3}, 5])")
        self.assertEqual([change["path"] for change in found], ["[0].k"])

    def test_a_diff_of_long_lists_ends(self) -> None:
        script = "m.jsonDiff(Array.from({length: 5000}, (_, i) => i), Array.from({length: 5001}, (_, i) => i)).length"
        self.assertEqual(self.call("/data/json-diff.js", script), 1)

    def test_numbers_stay_as_written(self) -> None:
        text = '{"a":12345678901234567890,"b":1.0,"c":0.1,"d":1e400,"e":-0}'
        shown = self.run_js(
            "Promise.all([import('/data/exact.js'), import('/format/json.js')])"
            f".then(([exact, json]) => json.jsonText(exact.parseExactly({json.dumps(text)})))"
        )
        self.assertEqual(
            shown, '{"a": 12345678901234567890, "b": 1.0, "c": 0.1, "d": 1e400, "e": -0}'
        )

    def test_events_come_in_any_pieces(self) -> None:
        stream = ': beat\n\nevent: status\ndata: {"a":\r\ndata: 1}\r\n\r\ndata:x\n\nevent: lost\n\n'
        script = (
            f"[1, 2, 3, 7, 100].map((size) => {{ const seen = []; const text = {json.dumps(stream)};"
            " const parser = new m.EventParser((event, data) => seen.push([event, data]));"
            " for (let i = 0; i < text.length; i += size) parser.push(text.slice(i, i + size));"
            " return seen; })"
        )
        wanted = [["status", '{"a":\n1}'], ["message", "x"]]
        self.assertEqual(self.call("/data/event-parser.js", script), [wanted] * 5)

    def test_ticks_are_round(self) -> None:
        self.assertEqual(
            self.call("/charts/scale.js", "m.roundTicks(0, 100, 4)"), [0, 25, 50, 75, 100]
        )
        self.assertEqual(self.call("/charts/scale.js", "m.roundTicks(5, 5, 4)"), [5])
        script = "m.timeTicks(Date.UTC(2026, 0, 1, 8, 1), Date.UTC(2026, 0, 1, 9, 1), 4).length"
        self.assertIn(self.call("/charts/time-ticks.js", script), (3, 4))

    def test_a_scale_of_one_value_is_a_scale(self) -> None:
        low, high = self.call("/charts/scale.js", "m.valueDomain([7, 7, 7])")
        self.assertLess(low, 7)
        self.assertGreater(high, 7)
        self.assertEqual(self.call("/charts/scale.js", "m.valueDomain([])"), [0, 1])

    def test_areas_are_cut_where_series_cross(self) -> None:
        script = "m.areasBetween([[0, 5, 9], [1, 9, 5], [2, 7, 7], [3, 5, 9]], 4)"
        areas = self.call("/charts/paths.js", script)
        self.assertEqual(areas["above"].count("Z"), 2)
        self.assertEqual(areas["below"].count("Z"), 1)

    def test_a_forecast_never_goes_below_nothing(self) -> None:
        trend = {"trend": "decreasing", "slope_per_hour": -60, "latest": 30, "average": 40}
        script = f"m.forecast([{{time: 0, value: 30}}], {json.dumps(trend)}, 3600000)"
        points = self.call("/charts/trend-line.js", script)
        self.assertEqual(
            [(p["time"], p["value"]) for p in points], [(0, 30), (1800000, 0), (3600000, 0)]
        )

    def test_quantities_are_for_people(self) -> None:
        cases = "[0, 7, 1234.56, 0.0123, 12345678, 1e21, NaN, null].map(m.quantity)"
        self.assertEqual(
            self.call("/format/number.js", cases),
            ["0", "7", "1,235", "0.0123", "12.3M", "1.00e+21", "–", "–"],
        )
        self.assertEqual(
            self.call("/format/number.js", "[0.9961, 1, 0.004].map(m.share)"),
            ["99.6%", "100%", "0.4%"],
        )

    def test_durations_have_two_units(self) -> None:
        script = "[0, 999, 61_000, 7_500_000, 90_000_000].map(m.duration)"
        self.assertEqual(
            self.call("/format/time.js", script),
            ["0 s", "0 s", "1 min 1 s", "2 h 5 min", "1 d 1 h"],
        )

    def test_what_is_to_pass_is_asked_for_again(self) -> None:
        self.run_js(
            "import('/data/refresher.js').then((m) => { window.calls = 0; new m.Refresher("
            "async () => (++window.calls < 3 ? 0 : undefined)).touch('variety'); })"
        )
        self.until("window.calls === 3", "three readings")

    def test_what_moves_while_it_is_read_is_read_again(self) -> None:
        self.run_js(
            "import('/data/refresher.js').then((m) => { window.reads = 0;"
            " const refresher = new m.Refresher(async () => {"
            " if (++window.reads === 1) for (let i = 0; i < 9; i += 1) refresher.touch('variety');"
            " }); refresher.touch('variety'); })"
        )
        self.until("window.reads === 2", "a second reading")

    def test_the_oldest_episodes_are_forgotten_first(self) -> None:
        script = (
            "(() => { const known = new m.Episodes();"
            " const alert = (n, over) => ({alert: String(n), episode: 1,"
            " starts_at: new Date(n * 1000).toISOString(), ...(over ? {ends_at: 'x'} : {})});"
            " known.merge([alert(0, false)]);"
            " const all = known.merge(Array.from({length: 2500}, (_, n) => alert(n + 1, true)));"
            " return [all.length, all[0].alert, all[1].alert]; })()"
        )
        self.assertEqual(self.call("/data/episodes.js", script), [2000, "0", "2500"])


if __name__ == "__main__":
    unittest.main()
