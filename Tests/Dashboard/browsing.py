"""What the tests of the page have in common: a browser, something to look at, and what must hold
wherever they have been."""

import functools
import json
import os
import unittest
from pathlib import Path
from urllib.parse import urlencode

import axe_core_python

import scene
from chrome import Chrome
from mock import Mock, Worker
from world import World

# A worker that holds the records of scene.py, to walk through instead of the mock.
REAL_URL = os.environ.get("SYSTEM5_DASHBOARD_URL", "").rstrip("/")
PROGRAM = os.environ.get("SYSTEM5_RELEASE_BIN") or os.environ.get("SYSTEM5_BIN", "")
AXE = Path(axe_core_python.__file__).with_name("axe.min.js")
DESKTOP, PHONE = (1440, 900), (360, 780)


@functools.cache
def busy_world() -> World:
    return World(PROGRAM, scene.busy())


class PageTest(unittest.TestCase):
    """One browser a class, one worker a test."""

    browser: Chrome

    @classmethod
    def setUpClass(cls) -> None:
        cls.browser = Chrome()
        cls.addClassCleanup(cls.browser.close)

    def setUp(self) -> None:
        self.expects_failed_loads = False
        self.size(*DESKTOP)
        self.browser.media(prefers_color_scheme="light", prefers_reduced_motion="reduce")

    def serve(self, world: World | None) -> Worker:
        """A mock of its own for this test."""
        self.worker = Worker(world)
        mock = Mock(self.worker)
        self.addCleanup(mock.close)
        self.addCleanup(self.leave)
        self.url = mock.url
        return self.worker

    def leave(self) -> None:
        """What must hold at the end of each test; then away from a server that is to end."""
        try:
            self.check_width()
            self.browser.run("0")
            self.assertEqual(self.browser.errors, [])
            if not self.expects_failed_loads:
                self.assertEqual(self.browser.failed_loads, [])
        finally:
            self.browser.go("about:blank")
            self.browser.until("location.href === 'about:blank'")
            self.browser.forget()

    # --- Going and looking ----------------------------------------------------------------------

    def open(self, **address: str) -> None:
        self.browser.go("about:blank")
        self.browser.until("location.href === 'about:blank'")
        self.browser.go(f"{self.url}/#{urlencode(address)}" if address else f"{self.url}/")
        self.browser.until("document.readyState === 'complete'")

    def size(self, width: int, height: int) -> None:
        self.width = width
        self.browser.size(width, height, mobile=width < 600)

    def run_js(self, script: str) -> object:
        return self.browser.run(script)

    def until(self, script: str, what: str = "", deadline: float = 20) -> None:
        self.browser.until(script, deadline, what)

    def text(self, selector: str) -> str:
        return str(self.run_js(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"))

    def texts(self, selector: str) -> list[str]:
        found = f"[...document.querySelectorAll({json.dumps(selector)})]"
        return self.run_js(f"{found}.map((element) => element.innerText)")

    def count(self, selector: str) -> int:
        return int(self.run_js(f"document.querySelectorAll({json.dumps(selector)}).length"))

    def until_text(self, selector: str, wanted: str) -> None:
        found = f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"
        self.until(f"({found}).includes({json.dumps(wanted)})", f"{wanted!r} in {selector}")

    def click(self, selector: str, text: str = "") -> None:
        """The first such element, or the first with that text, is scrolled to and clicked."""
        self.until(f"{self.find(selector, text)} !== undefined", f"{selector} {text!r} to click")
        self.run_js(f"{self.find(selector, text)}.click()")

    @staticmethod
    def find(selector: str, text: str) -> str:
        matching = f"(element) => element.innerText.includes({json.dumps(text)})"
        return f"[...document.querySelectorAll({json.dumps(selector)})].find({matching})"

    def type_into(self, selector: str, text: str) -> None:
        self.run_js(
            f"(element => {{ element.focus(); element.select(); }})"
            f"(document.querySelector({json.dumps(selector)}))"
        )
        self.browser.type(text)

    def hash(self) -> str:
        return str(self.run_js("location.hash"))

    def ask(self, path: str) -> dict:
        """What the API itself says."""
        path += ("&" if "?" in path else "?") + "forward=true"
        return self.run_js(f"fetch({json.dumps(path)}).then((response) => response.json())")

    def open_busy(self, **address: str) -> None:
        self.open(system=scene.BUSY, **address)
        self.until("document.querySelectorAll('.source-card .plot path').length > 8", "charts")

    # --- What must hold everywhere --------------------------------------------------------------

    def check_width(self) -> None:
        widest = self.run_js("document.documentElement.scrollWidth")
        self.assertLessEqual(widest, self.width, "the page is wider than its window")

    def check_accessibility(self, where: str) -> None:
        self.run_js(AXE.read_text("utf-8") + "; 0")
        found = self.run_js(
            "axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations"
            ".filter(({impact}) => impact === 'serious' || impact === 'critical')"
            ".map(({id, nodes}) => `${id}: ${nodes.slice(0, 3).map(({html}) => html).join(' ')}`))"
        )
        self.assertEqual(found, [], where)
