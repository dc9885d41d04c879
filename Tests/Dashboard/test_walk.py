"""A walk through the page with a mouse and a keyboard, over the mock or over a real worker."""

import json
import unittest

import scene
from browsing import PHONE, REAL_URL, PageTest, busy_world

SYSTEM = f"/v1/systems/{scene.BUSY}"


class WalkTest(PageTest):
    def setUp(self) -> None:
        super().setUp()
        if REAL_URL:
            self.url = REAL_URL
            self.addCleanup(self.leave)
        else:
            self.serve(busy_world())

    # --- The overview ---------------------------------------------------------------------------

    def test_a_system_is_chosen_where_the_address_names_none(self) -> None:
        self.open()
        self.until("location.hash.includes('system=')", "a system in the address")
        self.until_text("#system-name", scene.BUSY)

    def test_coverage_is_what_the_worker_says(self) -> None:
        self.open_busy()
        self.until("document.querySelector('.coverage-number')", "a coverage")
        gap = self.ask(f"{SYSTEM}/variety/requisite")
        self.assertEqual(self.text(".coverage-number"), f"{gap['coverage_ratio']:.0%}")
        self.assertIn("Requisite variety not met", self.text(".coverage"))
        self.assertIn(f"lacks {gap['deficit']:.3g}", self.text(".coverage"))

    def test_a_deficit_and_a_surplus_are_shaded_apart(self) -> None:
        self.open_busy()
        self.until("document.querySelector('.chart-wide .area-deficit')?.getAttribute('d')")
        fills = self.run_js(
            "['deficit', 'surplus'].map((name) => document.querySelector(`.chart-wide .area-${name}`)"
            ".getAttribute('d').length > 10)"
        )
        self.assertEqual(fills, [True, True])
        hatched = self.run_js("document.querySelector('.area-deficit').getAttribute('fill')")
        self.assertEqual(hatched, "url(#deficit-hatching)")

    # --- Choosing -------------------------------------------------------------------------------

    def test_a_system_is_picked_by_typing(self) -> None:
        self.open_busy()
        self.click("#picker-button")
        self.until("document.activeElement.id === 'picker-search'", "focus in the search")
        self.browser.type(scene.QUIET[:3])
        self.until("document.querySelectorAll('#picker-list li').length >= 1")
        self.browser.press("Enter")
        self.until_text("#system-name", scene.QUIET)
        self.assertIn(f"system={scene.QUIET}", self.hash())
        self.until_text(".coverage", "Requisite variety met")
        self.run_js("history.back()")
        self.until_text("#system-name", scene.BUSY)

    def test_the_picker_is_closed_by_escape(self) -> None:
        self.open_busy()
        self.click("#picker-button")
        self.browser.press("ArrowDown", "Escape")
        self.until("document.getElementById('picker-panel').hidden")
        self.assertEqual(self.run_js("document.activeElement.id"), "picker-button")

    def test_a_range_is_chosen_and_shared(self) -> None:
        self.open_busy()
        facts = self.text("#system-facts")
        self.click("#ranges button", "6 h")
        self.until("location.hash.includes('range=6h')")
        self.until_text("#system-facts", "6 hours")
        self.assertNotEqual(self.text("#system-facts"), facts)
        self.open_busy(range="1d")
        pressed = self.texts("#ranges [aria-pressed=true]")
        self.assertEqual(pressed, ["1 d"])

    # --- Charts ---------------------------------------------------------------------------------

    def test_the_cursor_goes_by_keys_and_is_read_out(self) -> None:
        self.open_busy()
        self.until("document.querySelector('.chart-wide .line-system')?.getAttribute('d')")
        self.run_js("document.querySelector('.chart-wide .chart-surface').focus()")
        self.browser.press("End")
        last = self.text(".chart-wide [aria-live]")
        self.assertRegex(last, r"Environment [\d.]+, System [\d.]+, Deficit [\d.]+")
        self.assertFalse(self.run_js("document.querySelector('.chart-wide .readout').hidden"))
        self.browser.press("ArrowLeft", "ArrowLeft")
        self.assertNotEqual(self.text(".chart-wide [aria-live]"), last)
        self.browser.press("Escape")
        self.assertTrue(self.run_js("document.querySelector('.chart-wide .readout').hidden"))

    def test_the_cursor_follows_the_pointer(self) -> None:
        self.open_busy()
        box = self.run_js(
            "(({x, y, width, height}) => [x + width / 2, y + height / 2])"
            "(document.querySelector('.chart-wide .chart-surface').getBoundingClientRect())"
        )
        self.browser.move_to(*box)
        self.until("!document.querySelector('.chart-wide .readout').hidden", "a readout")
        self.assertIn("Environment", self.text(".chart-wide .readout"))

    def test_a_chart_is_a_table_too(self) -> None:
        self.open_busy()
        self.click("#requisite-tools button")
        self.until("document.querySelector('.chart-wide .data-table tbody tr')", "rows")
        history = self.ask(f"{SYSTEM}/variety/requisite/history?range=hour&points=240")["history"]
        self.assertEqual(self.count(".chart-wide .data-table tbody tr"), len(history))
        self.assertEqual(self.text(".chart-wide tbody th"), history[-1]["time"])
        self.click("#requisite-tools button")
        self.until("document.querySelector('.chart-wide .chart-surface').hidden === false")

    # --- Sources --------------------------------------------------------------------------------

    def test_sources_come_by_urgency_and_are_filtered(self) -> None:
        # Over a day others are critical than those that fire.
        self.open_busy(range="1d")
        critical = self.ask(f"{SYSTEM}/variety/trends?range=day")["critical_sources"]
        self.until(f"document.querySelectorAll('.badge-critical').length === {len(critical)}")
        names = self.texts(".source-card .card-title")
        self.assertEqual(len(names), len(scene.SOURCES))
        self.assertEqual(sorted(names[: len(critical)]), sorted(critical))
        self.type_into("#sources-tools input", "PLAN")
        self.until("document.querySelectorAll('.source-card').length === 1")
        self.assertEqual(self.texts(".source-card .card-title"), ["planning"])
        self.type_into("#sources-tools input", "nothing is called this")
        self.until_text("#sources-body", "No source is like that")

    def test_sources_are_chosen_by_role(self) -> None:
        self.open_busy()
        self.click("#sources-tools .choice button", "Environment")
        roles = [role for role, *_ in scene.SOURCES.values()]
        self.assertEqual(self.count(".source-card"), roles.count("environment"))

    def test_a_source_shows_its_threshold_trend_and_forecast(self) -> None:
        self.open_busy()
        card = "document.querySelector('[data-source=customer-demand]')"
        self.until(f"{card}?.querySelector('.line-forecast')?.getAttribute('d')")
        for part in ("threshold", "threshold-name", "line-trend", "line-environment"):
            self.assertTrue(self.run_js(f"{card}.querySelector('.{part}') !== null"), part)
        self.assertIn("Critical", self.run_js(f"{card}.innerText"))
        self.assertIn("breach", self.run_js(f"{card}.innerText"))

    def test_names_of_others_are_text(self) -> None:
        self.open_busy()
        odd = next(name for name in scene.SOURCES if "<script>" in name)
        self.assertIn(odd, self.texts(".source-card .card-title"))
        self.assertEqual(self.count(".source-card script"), 0)
        card = f"[data-source={json.dumps(odd)}] .line-system"
        self.until(f"document.querySelector({json.dumps(card)})?.getAttribute('d')", "its series")

    # --- Alerts, patterns, conversions ----------------------------------------------------------

    def test_alerts_that_fire_come_first(self) -> None:
        self.open_busy()
        alerts = self.ask(f"{SYSTEM}/alerts?limit=1000")["alerts"]
        firing = sum("ends_at" not in alert for alert in alerts)
        self.until("document.querySelectorAll('.episodes .episode').length > 0")
        self.assertEqual(self.count(".episodes .episode"), len(alerts))
        self.assertEqual(self.text("#alerts-count"), f"{firing} firing")
        self.assertEqual(
            self.count(f".episodes .episode:nth-child(-n + {firing}).is-firing"), firing
        )
        self.click("#alerts-tools button", "Over")
        self.assertEqual(self.count(".episodes .episode"), len(alerts) - firing)
        self.assertIn("firing", self.text("#firing"))

    def test_patterns_show_what_they_rest_on(self) -> None:
        self.open_busy()
        patterns = self.ask(f"{SYSTEM}/patterns")["patterns"]
        self.until("document.querySelectorAll('.pattern-card').length > 0")
        self.assertEqual(self.count(".pattern-card"), len(patterns))
        first = self.text(".pattern-card")
        self.assertRegex(first, r"\d+ occurrences")
        self.assertRegex(first, r"at least \d+%")
        kinds = " ".join(self.texts(".pattern-card .badge"))
        for kind in ("recurring", "transferred", "learned"):
            self.assertIn(kind, kinds)

    def test_amplifiers_and_attenuators_are_listed(self) -> None:
        self.open_busy()
        self.until_text("#conversions-body", "overflow-line")
        self.assertIn("2.5×", self.text("#conversions-body"))
        self.assertIn("100 → 250", self.text("#conversions-body"))
        self.assertIn("triage", self.text("#conversions-body"))

    # --- Policies -------------------------------------------------------------------------------

    def test_policies_are_searched_and_paged(self) -> None:
        self.open_busy()
        self.until("document.querySelectorAll('.policies tbody tr').length === 25")
        self.click("#policies-body button", "Next")
        self.until_text("#policies-body .more", "Page 2")
        self.click("#policies-body button", "Previous")
        self.until_text("#policies-body .more", "Page 1")
        self.type_into("#policies-tools input", "staffing-06")
        self.until("document.querySelectorAll('.policies tbody tr').length === 1")
        self.assertIn("staffing-06", self.text(".policies tbody"))
        self.assertEqual(self.count(".policies .interval-whisker"), 1)

    def test_two_versions_of_a_policy_are_compared(self) -> None:
        self.open_busy()
        self.type_into("#policies-tools input", "staffing-06")
        self.until("document.querySelectorAll('.policies tbody tr').length === 1")
        self.click(".policies .button-link")
        self.until("document.querySelector('#policy-sheet').open")
        self.until_text("#policy-sheet", "From version 3 to 4")
        self.choose("from", 1)
        self.choose("to", 2)
        self.until_text("#policy-sheet", "From version 1 to 2: 6 differences")
        changes = self.texts(".change")
        self.assertIn("data.constraints.department", changes[0])
        self.assertIn("removed", changes[0])
        # A number that JavaScript cannot hold, to the last digit.
        serial = next(change for change in changes if "data.serial" in change)
        self.assertIn("12345678901234567896", serial)
        self.assertIn("12345678901234567999", serial)
        self.assertIn("from=1", self.hash())
        self.check_accessibility("the sheet of a policy")
        self.browser.press("Escape")
        self.until("!document.querySelector('#policy-sheet').open")
        self.assertNotIn("policy=", self.hash())

    def choose(self, name: str, version: int) -> None:
        self.run_js(
            f"(select => {{ select.focus(); select.value = '{version}';"
            " select.dispatchEvent(new Event('change', {bubbles: true})); })"
            f"(document.querySelector('#policy-sheet select[name={name}]'))"
        )

    def test_a_link_to_a_comparison_opens_it(self) -> None:
        self.open(system=scene.BUSY, policy="staffing-06", **{"from": "2", "to": "4"})
        self.until_text("#policy-sheet", "From version 2 to 4: no difference")

    def test_a_deleted_policy_keeps_its_history(self) -> None:
        self.expects_failed_loads = True
        self.open(system=scene.BUSY, policy="pricing-03")
        self.until_text("#policy-sheet", "deleted")
        self.until_text("#policy-sheet", "From version")

    # --- For everybody --------------------------------------------------------------------------

    def test_the_keyboard_comes_everywhere_and_is_seen(self) -> None:
        self.open_busy()
        self.browser.press("Tab")
        self.assertEqual(self.run_js("document.activeElement.textContent"), "Skip to the content")
        for _ in range(40):
            self.browser.press("Tab")
            outline = self.run_js(
                "(({outlineStyle, outlineWidth}) => `${outlineStyle} ${outlineWidth}`)"
                "(getComputedStyle(document.activeElement))"
            )
            self.assertRegex(
                outline, r"^(solid|auto) [1-9]", self.run_js("document.activeElement.outerHTML")
            )

    def test_the_skip_link_leads_to_the_content(self) -> None:
        self.open_busy()
        self.browser.press("Tab", "Enter")
        self.until("document.activeElement.id === 'main'")
        self.assertIn("system=", self.hash())

    def test_times_are_told_in_full(self) -> None:
        self.open_busy()
        self.run_js("document.querySelector('#system-facts time').focus()")
        self.until("!document.getElementById('hint').hidden", "a hint")
        self.assertRegex(self.text("#hint"), r"^2026-11-23T16:39:.*Z$")

    def test_the_theme_is_switched_and_kept(self) -> None:
        self.open_busy()
        ground = "getComputedStyle(document.body).backgroundColor"
        auto = self.run_js(ground)
        self.click("#theme")
        self.assertEqual(self.run_js("document.documentElement.dataset.theme"), "light")
        self.click("#theme")
        self.assertNotEqual(self.run_js(ground), auto)
        self.open_busy()
        self.assertEqual(self.run_js("document.documentElement.dataset.theme"), "dark")
        self.run_js("localStorage.clear()")

    def test_the_system_s_theme_is_followed(self) -> None:
        self.open_busy()
        light = self.run_js("getComputedStyle(document.body).backgroundColor")
        self.browser.media(prefers_color_scheme="dark")
        self.assertNotEqual(self.run_js("getComputedStyle(document.body).backgroundColor"), light)

    def test_nothing_moves_for_those_who_want_it_still(self) -> None:
        self.open_busy()
        self.assertEqual(
            self.run_js("getComputedStyle(document.documentElement).scrollBehavior"), "auto"
        )
        self.browser.media(prefers_reduced_motion="no-preference")
        self.assertEqual(
            self.run_js("getComputedStyle(document.documentElement).scrollBehavior"), "smooth"
        )

    def test_it_is_accessible_in_both_themes_and_sizes(self) -> None:
        for scheme in ("light", "dark"):
            for size in ((1440, 900), PHONE):
                with self.subTest(scheme=scheme, size=size):
                    self.browser.media(prefers_color_scheme=scheme)
                    self.size(*size)
                    self.open(system=scene.BUSY)
                    self.until("document.querySelectorAll('.policies tbody tr').length > 0")
                    self.until("document.querySelectorAll('.pattern-card').length > 0")
                    self.check_accessibility(f"{scheme} {size}")

    def test_it_fits_a_phone(self) -> None:
        self.size(*PHONE)
        self.open(system=scene.BUSY, range="1d")
        self.until("document.querySelectorAll('.policies tbody tr').length > 0")
        for section in ("overview", "sources", "alerts", "patterns", "policies", "worker"):
            self.click(f"nav [data-jump={section}]")
            self.until(f"document.activeElement.id === '{section}'")
            self.check_width()
        self.click("#requisite-tools button")
        self.check_width()
        self.click(".policies .button-link")
        self.until("document.querySelector('#policy-sheet').open")
        self.check_width()

    def test_only_this_server_is_asked(self) -> None:
        self.open_busy()
        foreign = [url for url in self.browser.requests if not url.startswith((self.url, "about:"))]
        self.assertEqual(foreign, [])


if __name__ == "__main__":
    unittest.main()
