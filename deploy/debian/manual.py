#!/usr/bin/env python3
"""Writes the manual page of a built system5, from what its own parser says of its commands.

usage: manual.py PROGRAM DATE > system5.1

DATE is seconds since 1970. What no parser knows (files, exit codes) is written here.
"""

import json
import subprocess
import sys
import textwrap
import time

EXITS = [
    (0, "All went well."),
    (1, "Differences were found."),
    (64, "The command was not understood."),
    (65, "The data given is not good."),
    (69, "The brokers, or the worker that was asked, are not there."),
    (70, "A mistake of the program's own."),
    (75, "Not now: try again."),
    (77, "The brokers, or the worker, refuse."),
    (78, "A setting, a topic or the state is not what it has to be; the sentence says which."),
]
FILES = [
    ("/etc/system5/system5.json", "The settings of the service."),
    ("/etc/default/system5", "Its environment."),
    ("/etc/system5/secrets", "Files that the service may read as "
     "/run/credentials/system5.service/secret_NAME."),
    ("/usr/share/system5/topics.json", "The topics that it reads and writes."),
]


def escape(text: str) -> str:
    for character, name in (("\\", r"\e"), ("…", "..."), ("–", r"\(en"), ("-", r"\-")):
        text = text.replace(character, name)
    return text.replace("`", "")


def prose(text: str) -> list[str]:
    """A new sentence begins a new line, and no line begins as a request does."""
    lines = []
    for paragraph in text.split("\n\n"):
        if lines:
            lines.append(".Pp")
        for line in escape(" ".join(paragraph.split())).replace(". ", ".\n").split("\n"):
            lines += [r"\&" + part if part.startswith((".", "'")) else part for part in wrap(line)]
    return lines


def wrap(line: str) -> list[str]:
    return textwrap.wrap(line, 78, break_long_words=False, break_on_hyphens=False)


def quoted(text: str) -> str:
    """An argument of a macro."""
    return '"' + escape(text).replace('"', r"\(dq") + '"'


def label(argument: dict) -> str:
    value = argument.get("valueName", "value")
    if argument["kind"] == "positional":
        return f".It Ar {quoted(value)}"
    names = " , ".join(
        f"Fl {quoted(('-' if name['kind'] == 'long' else '') + name['name'])}"
        for name in argument["names"])
    return f".It {names}" + (f" Ar {quoted(value)}" if argument["kind"] == "option" else "")


def option_list(command: dict) -> list[str]:
    shown = [argument for argument in command.get("arguments", [])
             if argument["shouldDisplay"] and not is_help(argument)]
    if not shown:
        return []
    lines = [".Bl -tag -width Ds"]
    for argument in shown:
        lines.append(label(argument))
        texts = [argument.get(part, "") for part in ("abstract", "discussion")]
        lines += prose(" ".join(text for text in texts if text) or "As its name says.")
        if argument.get("defaultValue"):
            lines += prose(f"The default is {argument['defaultValue']}.")
    return lines + [".El"]


def is_help(argument: dict) -> bool:
    return any(name["name"] == "help" for name in argument.get("names", []))


def sections(command: dict, above: str = "") -> list[str]:
    """A command and those below it, each a section of its own."""
    lines = []
    for below in command.get("subcommands", []):
        name = f"{above} {below['commandName']}".strip()
        if below["commandName"] == "help" or not below["shouldDisplay"]:
            continue
        lines += [f".Ss {escape(name)}"] + prose(below.get("abstract", ""))
        if below.get("discussion"):
            lines += [".Pp"] + prose(below["discussion"])
        lines += option_list(below) + sections(below, name)
    return lines


def page(command: dict, seconds: int) -> list[str]:
    day = time.gmtime(seconds)
    summary = command["abstract"].rstrip(".")
    lines = [
        '.\\" Made by deploy/debian/manual.py from the program itself.',
        f".Dd {time.strftime('%B', day)} {day.tm_mday}, {day.tm_year}", ".Dt SYSTEM5 1", ".Os",
        ".Sh NAME", ".Nm system5", f".Nd {escape(summary[0].lower() + summary[1:])}",
        ".Sh SYNOPSIS", ".Nm", ".Ar command", ".Op Ar options",
        ".Sh DESCRIPTION"]
    told = [part for part in command["discussion"].split("\n\n")
            if not part.startswith("Exit codes:")]
    lines += prose("\n\n".join(told)) + [".Sh COMMANDS"] + sections(command)
    lines += [".Sh ENVIRONMENT", ".Bl -tag -width Ds", ".It Ev SYSTEM5_CONFIG",
              "The file of settings.", ".It Ev SYSTEM5_*",
              "Settings: SYSTEM5_COMMIT_INTERVAL_MS is commit.interval.ms.", ".El", ".Sh FILES",
              ".Bl -tag -width Ds"]
    for path, text in FILES:
        lines += [f".It Pa {path}"] + prose(text)
    lines += [".El", ".Sh EXIT STATUS", ".Bl -tag -width Ds"]
    for code, text in EXITS:
        lines += [f".It {code}"] + prose(text)
    return lines + [".El"]


def main() -> int:
    program, seconds = sys.argv[1], int(sys.argv[2])
    dump = subprocess.run([program, "--experimental-dump-help"], capture_output=True, check=True)
    print("\n".join(page(json.loads(dump.stdout)["command"], seconds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
