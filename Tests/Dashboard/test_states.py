"""What is hard to have of a real worker: nothing there, a takeover, a token, a lost connection, and
more than a page can show."""

import functools
import unittest
from datetime import timedelta

import scene
from browsing import PROGRAM, REAL_URL, PageTest, busy_world
from world import World


@unittest.skipIf(REAL_URL, "a real worker cannot be brought into these states")
class StatesTest(PageTest):
    def live(self) -> None:
        self.until("document.getElementById('live-state').dataset.state === 'live'", "a stream")

    # --- Little to show -------------------------------------------------------------------------

    def test_no_system_at_all(self) -> None:
        self.serve(None)
        self.open()
        self.until_text("#no-system", "No viable system yet")
        self.live()
        self.assertEqual(self.hash(), "")
        self.check_accessibility("no system")

    def test_a_system_without_measurements(self) -> None:
        self.expects_failed_loads = True
        self.serve(busy_world())
        self.open(system=scene.UNMEASURED)
        self.until_text("#coverage", "Not measured yet")
        self.until_text("#sources-body", "No source has been measured")
        self.until_text("#alerts-body", "No alert")
        self.until_text("#patterns-body", "No pattern yet")
        self.until_text("#policies-body", "travel")
        self.assertTrue(self.run_js("document.getElementById('banner').hidden"))
        self.check_accessibility("a system without measurements")

    def test_a_system_that_nobody_knows(self) -> None:
        self.expects_failed_loads = True
        self.serve(busy_world())
        self.open(system="no-such-system")
        self.until_text("#coverage", "Not measured yet")
        self.until_text("#policies-body", "No policy yet")

    def test_a_system_that_is_not_listed_can_be_asked_for(self) -> None:
        self.expects_failed_loads = True
        self.serve(busy_world())
        self.open_busy()
        self.click("#picker-button")
        self.browser.type("elsewhere")
        self.until_text("#picker-list", "ask for it")
        self.browser.press("Enter")
        self.until_text("#system-name", "elsewhere")

    # --- Not now --------------------------------------------------------------------------------

    def test_a_takeover_and_its_end(self) -> None:
        self.expects_failed_loads = True
        worker = self.serve(busy_world())
        worker.takeover = (4200, 9800)
        self.open(system=scene.BUSY)
        self.until_text("#banner", "applied up to 9800")
        self.until_text("#coverage", "Being taken over")
        self.until_text("#worker-shards", "restoring 43%")
        self.check_accessibility("a takeover")
        worker.takeover = None
        self.until_text("#coverage", "Requisite variety not met")
        self.until("document.getElementById('banner').hidden", "no banner")

    def test_a_takeover_keeps_what_was_there(self) -> None:
        self.expects_failed_loads = True
        worker = self.serve(World(PROGRAM, quiet_lines()))
        self.open(system=scene.QUIET)
        self.until_text(".coverage", "Requisite variety met")
        self.live()
        worker.takeover = (1, 2)
        worker.world.add([measured("team", 90)])
        self.until_text("#banner", "applied up to 2")
        self.assertIn("Requisite variety met", self.text(".coverage"))

    def test_a_token_is_asked_for_and_kept_in_the_tab(self) -> None:
        self.expects_failed_loads = True
        worker = self.serve(busy_world())
        worker.token = "open-sesame"
        self.open()
        self.until("document.getElementById('token-dialog').open", "the dialog")
        self.check_accessibility("the token's dialog")
        self.assertTrue(self.run_js("document.getElementById('token-problem').hidden"))
        self.give_token("wrong")
        self.until(
            "document.getElementById('token-dialog').open &&"
            " !document.getElementById('token-problem').hidden",
            "a refusal",
        )
        self.give_token("open-sesame")
        self.until_text("#system-name", scene.BUSY)
        self.live()
        self.assertEqual(self.run_js("sessionStorage.getItem('system5.token')"), "open-sesame")
        self.assertNotIn("sesame", self.run_js("JSON.stringify(localStorage) + document.cookie"))

    def give_token(self, token: str) -> None:
        self.type_into("#token-input", token)
        self.browser.press("Enter")

    # --- Lost and found -------------------------------------------------------------------------

    def test_a_lost_connection_is_said_and_comes_back(self) -> None:
        self.expects_failed_loads = True
        worker = self.serve(busy_world())
        self.open_busy()
        self.live()
        worker.is_down = True
        self.until_text("#banner", "Connection lost. All this is as it was at")
        self.until("document.body.classList.contains('is-stale')")
        self.assertEqual(self.text("#live-state"), "Not connected")
        self.assertIn("Requisite variety not met", self.text(".coverage"))
        self.check_accessibility("a lost connection")
        worker.is_down = False
        self.live()
        self.until("document.getElementById('banner').hidden", "no banner")
        self.assertFalse(self.run_js("document.body.classList.contains('is-stale')"))

    def test_a_person_need_not_wait_for_the_next_try(self) -> None:
        self.expects_failed_loads = True
        worker = self.serve(busy_world())
        self.open_busy()
        self.live()
        worker.is_down = True
        self.until("document.querySelector('#banner button')")
        self.until(
            "/ ([5-9]|1[0-9]) s/.test(document.querySelector('#banner .muted').innerText)",
            "a long pause",
            60,
        )
        worker.is_down = False
        self.click("#banner button")
        self.until("document.getElementById('live-state').dataset.state === 'live'", "a stream", 3)

    def test_a_refused_stream_is_replaced_by_asking(self) -> None:
        self.expects_failed_loads = True
        worker = self.serve(World(PROGRAM, quiet_lines()))
        worker.refuses_streams = True
        self.open(system=scene.QUIET)
        self.until_text("#banner", "No live updates")
        self.until_text(".coverage", "Requisite variety met")
        worker.world.add([measured("team", 10)])
        self.until_text(".coverage", "Requisite variety not met")

    def test_a_broker_that_is_away(self) -> None:
        worker = self.serve(busy_world())
        worker.broker = "away"
        self.open_busy()
        self.until_text("#banner", "does not reach its broker")
        self.assertIn("away", self.text("#worker-broker"))

    def test_a_hidden_page_asks_nothing(self) -> None:
        worker = self.serve(busy_world())
        self.open_busy()
        self.live()
        self.until("document.querySelectorAll('.policies tbody tr').length === 25", "policies")
        self.hide(True)
        self.until("document.getElementById('live-state').dataset.state === 'paused'")
        # What was asked before may still be on its way.
        self.until("performance.now() > " + str(self.run_js("performance.now()") + 1000))
        before = len(worker.answered)
        # Longer than the page ever waits between asking.
        self.until("performance.now() > " + str(self.run_js("performance.now()") + 6000))
        self.assertEqual(len(worker.answered), before)
        self.hide(False)
        self.live()

    def hide(self, is_hidden: bool) -> None:
        self.run_js(
            "Object.defineProperty(document, 'hidden',"
            f" {{value: {str(is_hidden).lower()}, configurable: true}});"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )

    # --- As it happens --------------------------------------------------------------------------

    def test_what_is_measured_shows_at_once(self) -> None:
        worker = self.serve(World(PROGRAM, quiet_lines()))
        self.open(system=scene.QUIET)
        self.until_text(".coverage", "Requisite variety met")
        self.live()
        worker.world.add([measured("team", 10)])
        self.until_text(".coverage", "Requisite variety not met")
        self.until_text("#alerts-body", "firing since")
        self.until_text("#firing", "1 alert firing")
        worker.world.add([measured("team", 60, seconds=20)])
        self.until_text(".coverage", "Requisite variety met")
        self.until("document.getElementById('firing').hidden", "nothing fires")

    def test_what_has_not_changed_is_not_sent_again(self) -> None:
        worker = self.serve(World(PROGRAM, quiet_lines()))
        self.open(system=scene.QUIET)
        self.until_text(".coverage", "Requisite variety met")
        self.live()
        worker.world.add([measured("team", 71)])
        self.until(
            "[...document.querySelectorAll('.source-value')].some((b) => b.innerText === '71')"
        )
        self.assertGreater(worker.not_modified, 0)

    def test_an_earlier_episode_stays_while_the_page_is_open(self) -> None:
        worker = self.serve(World(PROGRAM, quiet_lines()))
        self.open(system=scene.QUIET)
        self.live()
        for step, value in enumerate((10, 60, 12)):
            worker.world.add([measured("team", value, seconds=10 * step)])
            wanted = "Requisite variety not met" if value < 50 else "Requisite variety met"
            self.until_text(".coverage", wanted)
        self.until("document.querySelectorAll('.episodes .episode').length === 2", "two episodes")
        self.assertIn("episode 2", self.texts(".episodes .episode")[0])

    # --- Very much ------------------------------------------------------------------------------

    def test_thousands_of_sources_do_not_freeze_it(self) -> None:
        count = 10_000
        self.serve(World(PROGRAM, scene.many_sources(count)))
        self.open(system=scene.BUSY)
        self.run_js(
            "window.longest = 0; new PerformanceObserver((list) => { for (const {duration} of"
            " list.getEntries()) window.longest = Math.max(window.longest, duration); })"
            ".observe({type: 'longtask', buffered: true})"
        )
        self.until_text("#sources-count", "10,000 sources")
        self.until_text("#sources-body .more", "24 of 10,000 sources")
        self.assertEqual(self.count(".source-card"), 24)
        self.until_text(".source-card:first-child", "Firing")
        self.assertEqual(self.text(".source-card .card-title"), f"source-{count - 1:05}")
        self.click("#sources-body .more button")
        self.assertEqual(self.count(".source-card"), 48)
        self.type_into("#sources-tools input", "source-0123")
        self.until("document.querySelectorAll('.source-card').length === 10")
        self.assertLess(self.run_js("window.longest"), 1500, "ms without an answer to the user")

    def test_a_hundred_thousand_policies_are_paged(self) -> None:
        worker = self.serve(busy_world())
        policy = next(iter(worker.world.systems[scene.BUSY]["policies"].values()))
        worker.policies_instead = [policy | {"policy": f"policy-{n:06}"} for n in range(100_000)]
        self.open_busy()
        self.until_text(".policies tbody", "policy-000000")
        self.assertEqual(self.count(".policies tbody tr"), 25)
        self.click("#policies-body button", "Next")
        self.until_text(".policies tbody", "policy-000025")
        self.assertEqual(self.count(".policies tbody tr"), 25)


@functools.cache
def quiet_lines() -> tuple[dict, ...]:
    return tuple(line for line in scene.busy() if line["key"] == scene.QUIET)


def measured(source: str, variety: float, seconds: int = 0) -> dict:
    one = scene.Scene(0)
    data = {"source": source, "variety": variety}
    one.add(
        "variety", scene.QUIET, "variety.measured", scene.END + timedelta(seconds=seconds), data
    )
    one.lines[0]["value"]["id"] = f"later-{seconds}-{variety}"
    return one.lines[0]


if __name__ == "__main__":
    unittest.main()
