"""A run of QEMU in the page: events as they come, and what is true now.

The page asks over HTTP: run/events is a stream of the messages that
view/page/src/source.js takes, run/do takes one of its questions.
"""
import contextlib
import json
import os
import socket
import threading
import time

import page
import watched

EVERY = 0.2 # seconds between two messages to the page
KEPT = 200000 # events, for who comes late
AT_ONCE = 20000 # events in a message


class Events:
    """What the plugin has told, numbered from 0 on; older ones are dropped."""

    def __init__(self):
        self.list, self.first = [], 0
        self.ended = False
        self.lock = threading.Lock()

    def read(self, fifo):
        """All that comes, until QEMU has ended."""
        with open(fifo, encoding="utf-8") as file:
            for line in file:
                with self.lock:
                    self.list.append(line)
                    if len(self.list) > 2 * KEPT:
                        del self.list[:KEPT]
                        self.first += KEPT
        self.ended = True

    def since(self, number):
        """Lines from that number on, and the number of the next."""
        with self.lock:
            at = max(number - self.first, 0)
            lines = self.list[at:at + AT_ONCE]
            return lines, self.first + at + len(lines)


class Viewed(watched.Watched):
    """A machine to be started with options(), and its server; a context."""

    def __init__(self, build, nucleus, memory):
        super().__init__(build, nucleus, memory)
        self.build = build
        self.qmp = os.path.join(self.folder, "qmp")
        self.told = Events()
        self.phase = "running"

    def __enter__(self):
        os.mkfifo(self.out)
        threading.Thread(target=self.told.read, args=(self.out,),
                         daemon=True).start()
        return self

    def __exit__(self, *rest):
        with contextlib.suppress(FileNotFoundError):
            os.remove(self.qmp)
        super().__exit__(*rest)

    def options(self, out=None):
        return [*super().options(out),
                "-qmp", f"unix:{self.qmp},server=on,wait=off"]

    def serve(self):
        """The address at which the page is."""
        class Handler(Questions):
            run = self
        return page.Server(page.make(self.build), Handler).begin().address()

    def control(self, command):
        """One command of QEMU's machine protocol: stop or cont."""
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(5)
            peer.connect(self.qmp)
            stream = peer.makefile("rw", encoding="utf-8")
            stream.readline() # its greeting
            for word in ("qmp_capabilities", command):
                stream.write(json.dumps({"execute": word}) + "\n")
                stream.flush()
                while "return" not in json.loads(stream.readline()):
                    pass
        self.phase = "paused" if command == "stop" else "running"

    def message(self, lines):
        """What the page takes: the events, and what is true now."""
        events = [json.loads(line) for line in lines]
        now = {"kind": "now", "events": events, "output": [],
               "phase": "halted" if self.told.ended else self.phase}
        last = events[-1] if events else {"at": 0, "trap": 0}
        now["moment"] = {"at": last["at"], "trap": last["trap"]}
        with contextlib.suppress(OSError, ValueError,
                                 watched.subprocess.CalledProcessError):
            now["state"] = self.look()
        return json.dumps(now)


class Questions(page.Files):
    run = None

    def do_GET(self):
        if self.path == "/run/events":
            with contextlib.suppress(OSError): # the page is closed
                self.stream()
        elif self.path in ("/", "/index.html"):
            path = os.path.join(self.folder, "index.html")
            with open(path, encoding="utf-8") as file:
                text = file.read()
            text = text.replace("<html ", '<html data-source="server" ', 1)
            self.reply(200, "text/html; charset=utf-8", text.encode())
        else:
            super().do_GET()

    def stream(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Connection", "close")
        self.end_headers()
        number, shown = 0, None
        while True:
            lines, number = self.run.told.since(number)
            state = self.run.phase, self.run.told.ended
            if lines or state != shown:
                shown = state
                self.wfile.write(
                    f"data: {self.run.message(lines)}\n\n".encode())
                self.wfile.flush()
            if len(lines) < AT_ONCE:
                time.sleep(EVERY)

    def do_POST(self): # pylint: disable=invalid-name
        length = int(self.headers.get("Content-Length", 0))
        try:
            asked = json.loads(self.rfile.read(min(length, 65536)))
            answer = self.answer(asked)
        except (ValueError, KeyError, TypeError, OSError,
                watched.subprocess.CalledProcessError) as error:
            self.reply(400, "text/plain", f"{error}\n".encode())
            return
        self.reply(200, "application/json", json.dumps(answer).encode())

    def answer(self, asked):
        if self.path != "/run/do":
            raise ValueError("there is nothing to do here")
        if asked["kind"] in ("run", "pause"):
            self.run.control("cont" if asked["kind"] == "run" else "stop")
        elif asked["kind"] == "ask":
            question, words = asked["question"], asked["words"]
            if question in ("windows", "way", "registers"):
                return self.run.look(question, *words)
        return None


