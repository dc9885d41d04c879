"""Headless Chromium, driven over its DevTools protocol."""

import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from queue import Empty, Queue

import websocket

START_DEADLINE = 60
ANSWER_DEADLINE = 60


class PageError(Exception):
    """What a script in the page has thrown."""


class Chrome:
    """One browser with one page. Console errors, exceptions and failed loads are collected."""

    def __init__(self) -> None:
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        if program is None:
            raise FileNotFoundError("chromium is not installed: deploy/local/setup.sh installs it")
        self.folder = tempfile.TemporaryDirectory(prefix="system5-chrome-")
        self.process = subprocess.Popen(
            [program, *self.flags()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            self.open(self.find_port())
        except BaseException:
            self.close()
            raise

    def flags(self) -> list[str]:
        flags = [
            "--headless=new",
            "--remote-debugging-port=0",
            f"--user-data-dir={self.folder.name}",
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-extensions",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--mute-audio",
            "--remote-allow-origins=*",
            "--lang=en-GB",
            "about:blank",
        ]
        # Chromium refuses its own sandbox to root.
        return flags + (["--no-sandbox"] if os.getuid() == 0 else [])

    def find_port(self) -> str:
        found: Queue[str] = Queue()

        def read() -> None:
            for line in self.process.stderr:
                if match := re.search(r"DevTools listening on (ws://\S+)", line):
                    found.put(match[1])

        threading.Thread(target=read, daemon=True).start()
        try:
            return found.get(timeout=START_DEADLINE)
        except Empty:
            raise TimeoutError("Chromium did not start in time") from None

    def open(self, address: str) -> None:
        self.socket = websocket.create_connection(address, timeout=ANSWER_DEADLINE, max_size=None)
        self.number = 0
        self.session: str | None = None
        self.errors: list[str] = []
        self.failed_loads: list[str] = []
        self.requests: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def close(self) -> None:
        try:
            if hasattr(self, "socket"):
                self.socket.close()
        finally:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(20)
            self.process.stderr.close()
            shutil.rmtree(self.folder.name, ignore_errors=True)
            self.folder.cleanup()

    # --- The protocol ---------------------------------------------------------------------------

    def call(self, method: str, **params: object) -> dict:
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.note(answer)

    def note(self, event: dict) -> None:
        params = event.get("params", {})
        match event.get("method"):
            case "Runtime.exceptionThrown":
                details = params["exceptionDetails"]
                text = details.get("exception", {}).get("description") or details["text"]
                self.errors.append(f"exception: {text}")
            case "Runtime.consoleAPICalled" if params["type"] in ("error", "warning", "assert"):
                said = [str(a.get("value", a.get("description"))) for a in params["args"]]
                self.errors.append(f"console: {' '.join(said)}")
            case "Log.entryAdded" if params["entry"]["level"] in ("error", "warning"):
                entry = params["entry"]
                said = self.failed_loads if entry["source"] == "network" else self.errors
                said.append(f"log: {entry['text']} {entry.get('url', '')}")
            case "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])

    # --- The page -------------------------------------------------------------------------------

    def go(self, url: str) -> None:
        self.call("Page.navigate", url=url)

    def run(self, script: str) -> object:
        """The value of an expression, awaited if it is a promise."""
        answer = self.call(
            "Runtime.evaluate",
            expression=script,
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        if details := answer.get("exceptionDetails"):
            raise PageError(details.get("exception", {}).get("description") or details["text"])
        return answer["result"].get("value")

    def until(self, script: str, deadline: float = 15, what: str = "") -> object:
        """Waits for an expression to be true."""
        end = time.monotonic() + deadline
        while not (value := self.run(f"Promise.resolve({script}).then((value) => Boolean(value))")):
            if time.monotonic() > end:
                raise AssertionError(f"not in time: {what or script}")
            time.sleep(0.05)
        return value

    def press(self, *keys: str) -> None:
        for key in keys:
            code, text = KEYS.get(key, (0, key))
            facts = {"key": key, "windowsVirtualKeyCode": code, "code": key}
            down = facts | ({"text": text} if text else {})
            self.call("Input.dispatchKeyEvent", type="keyDown", **down)
            self.call("Input.dispatchKeyEvent", type="keyUp", **facts)

    def type(self, text: str) -> None:
        self.call("Input.insertText", text=text)

    def move_to(self, x: float, y: float) -> None:
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def size(self, width: int, height: int, mobile: bool = False, scale: float = 1) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            mobile=mobile,
            deviceScaleFactor=scale,
        )

    def media(self, **features: str) -> None:
        """Such as `prefers_color_scheme="dark"`."""
        listed = [
            {"name": name.replace("_", "-"), "value": value} for name, value in features.items()
        ]
        self.call("Emulation.setEmulatedMedia", features=listed)

    def forget(self) -> None:
        """Starts over with what is collected."""
        self.run("0")
        self.errors, self.failed_loads, self.requests = [], [], []

    def picture(self, file: Path, whole: bool = False) -> None:
        answer = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(answer["data"]))


KEYS = {
    "Enter": (13, "\r"),
    "Tab": (9, ""),
    "Escape": (27, ""),
    "Home": (36, ""),
    "End": (35, ""),
    "ArrowLeft": (37, ""),
    "ArrowUp": (38, ""),
    "ArrowRight": (39, ""),
    "ArrowDown": (40, ""),
    "PageUp": (33, ""),
    "PageDown": (34, ""),
}
