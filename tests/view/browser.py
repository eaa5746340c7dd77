#!/usr/bin/python3
"""What ./run --page, ./run --view and ./lab --view do with an address: it is
opened in a browser where a person can see one, else it is said; nothing waits
for a browser, and none gets the terminal."""
import os
import pty
import signal
import subprocess
import sys
import tempfile
import time

import view

import tap  # found by way of view

ADDRESS = "http://127.0.0.1:8069/#lab=1&at=2"
OFFERING = "import sys, browser; browser.offer(sys.argv[1], 'that is all.')"
OPENED, ASKED = f"{ADDRESS} is in your browser now; that is all.", \
    f"Open {ADDRESS} in a browser; that is all."
DEADLINE = 30 # seconds
# What each stands for in BROWSER; $1 is the address, and $0.said is its own.
BROWSERS = {
    "good": 'echo "$1" >"$0.said"',
    "bad": 'echo "$1" >"$0.said"; exit 1',
    "slow": 'echo "$1" >"$0.said"; echo $$ >"$0.process"; exec sleep 1000',
    "text": 'echo "$1" >"$0.said"; read line </dev/tty',
}


def offered(environment, on_terminal=True):
    """What is said, and whether that was soon."""
    ours, theirs = pty.openpty() if on_terminal else os.pipe()
    begun = time.monotonic()
    kept = {name: os.environ[name] for name in ("PATH", "HOME")
            if name in os.environ}
    subprocess.run([sys.executable, "-c", OFFERING, ADDRESS],
                   cwd=os.path.join(view.HERE, "tools"), stderr=theirs,
                   stdin=theirs if on_terminal else subprocess.DEVNULL,
                   env=kept | {"TERM": "xterm"} | environment, timeout=DEADLINE,
                   check=True)
    said = os.read(ours, 4096).decode()
    for end in (ours, theirs):
        os.close(end)
    return said.strip(), time.monotonic() - begun < DEADLINE / 2


def look(writer, folder):
    def path(name):
        return os.path.join(folder, name)

    def point(name, wanted, browser=None, called=True, on_terminal=True,
              **environment):
        if browser:
            environment["BROWSER"] = path(browser)
        said, soon = offered(environment, on_terminal)
        told = ""
        if browser and os.path.exists(path(f"{browser}.said")):
            with open(path(f"{browser}.said"), encoding="utf-8") as file:
                told = file.read().strip()
            os.remove(path(f"{browser}.said"))
        writer.point(said == wanted and soon and
                     told == (ADDRESS if browser and called else ""),
                     f"browser.{name}", [said, f"called with: {told}"])

    for name, text in BROWSERS.items():
        with open(path(name), "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\n{text}\n")
        os.chmod(path(name), 0o755)
    point("is_opened", OPENED, "good")
    point("refuses", ASKED, "bad")
    point("is_not_waited_for", OPENED, "slow")
    with open(path("slow.process"), encoding="utf-8") as file:
        os.kill(int(file.read()), signal.SIGTERM)
    point("gets_no_terminal", ASKED, "text")
    point("is_not_there", ASKED, "none", called=False)
    point("is_not_for_scripts", ASKED, "good", called=False, on_terminal=False)
    point("is_not_for_ci", ASKED, "good", called=False, CI="true")
    point("has_no_screen", ASKED, SSH_CONNECTION="10.0.0.1 1 10.0.0.2 22")
    point("has_a_screen_and_nothing_for_it", ASKED, DISPLAY=":99", PATH=folder)


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory() as folder:
        look(writer, folder)
    writer.end()


if __name__ == "__main__":
    main()
