"""The page: built into one static folder, and served on the loopback address.

Its libraries come from the npm registry, as view/page/package-lock.json has
them, into the build folder; nothing is fetched again while that file stays.
"""
import contextlib
import http.server
import lzma
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading

import browser
import builder
import cross
import lessons
import manners
import with_program
from manners import HERE, shown, tell

SOURCES = os.path.join(HERE, "view", "page")
LINES = os.path.join(HERE, "view", "lines.py")
ADDED = "added.lines.json"
KERNEL = "arch/riscv/kerne"
IMAGE = "image.tar"
OFFERED = ["view/kerne.layout", "view/machine/machine.wasm", "view/lines.json"]
TARGETS = [KERNEL, IMAGE, *OFFERED, "view/kerne-checks.layout",
           "view/qemu-view.so", "view/look"]
PATIENCE = 300 # seconds, for npm
FIRST_PORT, PORTS = 8069, 100 # tried, one after the other
KINDS = {".wasm": "application/wasm", ".js": "text/javascript",
         ".html": "text/html; charset=utf-8", ".css": "text/css",
         ".json": "application/json"}


def run(words, what, folder):
    """Runs a command; gives up with what it said, if it fails."""
    try:
        done = subprocess.run(words, cwd=folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=PATIENCE, check=False)
    except FileNotFoundError:
        manners.give_up(f"{what}: there is no command `{words[0]}`")
    except subprocess.TimeoutExpired:
        manners.give_up(f"{what}: nothing in {PATIENCE} seconds")
    if done.returncode != 0:
        manners.give_up(f"{what} failed:\n{done.stdout.rstrip()}")


def libraries(build):
    """The folder with the page's libraries, as the lock file names them."""
    with builder.alone(build):
        return fetched(build)


def fetched(build):
    folder = os.path.join(build, "npm")
    lock = os.path.join(SOURCES, "package-lock.json")
    done = os.path.join(folder, "node_modules", ".package-lock.json")
    copy = os.path.join(folder, "package-lock.json")
    with contextlib.suppress(OSError):
        with open(lock, "rb") as wanted, open(copy, "rb") as had:
            if wanted.read() == had.read() and os.path.exists(done):
                return folder
    tell("Fetching the page's libraries from the npm registry, about 35 MB")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(os.path.join(SOURCES, name), folder)
    try:
        run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
            "fetching the page's libraries", folder)
    except BaseException:
        os.remove(copy) # it is not whole
        raise
    return folder


def packed(data):
    """As view/page/src/unpack.js unpacks it.  Half of what gzip makes: the
    programs of an image share more than gzip's 32 kB can see."""
    filters = [{"id": lzma.FILTER_LZMA1, "preset": 9 | lzma.PRESET_EXTREME,
                "lp": 1, "pb": 1, "dict_size": 1 << 22}]
    found = lzma.compress(data, format=lzma.FORMAT_ALONE, filters=filters)
    return found[:5] + struct.pack("<Q", len(data)) + found[13:]


def lessons_image(build):
    """The boot image of the page: with what its lessons need, too.  Others may
    read it meanwhile."""
    made = os.path.join(build, "view", IMAGE)
    with builder.alone(build):
        lessons.make_image(build, os.path.join(build, IMAGE), made + ".new")
        os.replace(made + ".new", made)
    return made


def machine_files(build):
    """What the machine of the page loads, nothing of it packed: their paths.
    Wants no libraries from anywhere."""
    if not builder.make(build, TARGETS):
        raise SystemExit(1)
    return [os.path.join(build, name) for name in
            ("view/machine/machine.wasm", KERNEL)] + \
        [lessons_image(build), os.path.join(build, "view", "kerne.layout")]


def write_lines(path, programs, sources):
    """The source lines of programs for the page; `sources`: their files that
    lie elsewhere."""
    run([sys.executable, LINES, path, *programs, "--elsewhere",
         *map(os.path.abspath, sources)], "the lines of the programs", HERE)


def add(build, folder, programs, archive):
    """The archive with programs, as ./run --with has them, too, and their
    lines in the page; a file that is removed at the end."""
    with tempfile.TemporaryDirectory() as symbols:
        made = with_program.add(build, programs, archive, cross.STRIP,
                                symbols=symbols)
        write_lines(os.path.join(folder, ADDED),
                    [os.path.join(symbols, f"{name}.elf")
                     for name, _ in programs],
                    [path for _, sources in programs for path in sources])
    index = os.path.join(folder, "index.html")
    with open(index, encoding="utf-8") as file:
        text = file.read()
    with open(index, "w", encoding="utf-8") as file:
        file.write(text.replace("<html ", f'<html data-added="{ADDED}" ', 1))
    return made


def make(build, folder=None, programs=()):
    """Builds the page in that folder, or the usual one, which is made anew,
    with more programs; the folder."""
    folder = folder or os.path.join(build, "page")
    if not builder.make(build, TARGETS):
        raise SystemExit(1)
    modules = libraries(build)
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)
    files = [os.path.join(build, name) for name in OFFERED]
    run(["node", os.path.join(SOURCES, "build.mjs"), modules, folder, *files],
        "building the page", SOURCES)
    run([cross.STRIP, "-o", os.path.join(folder, "kerne"),
         os.path.join(build, KERNEL)], "building the page", folder)
    archive = lessons_image(build)
    made = add(build, folder, programs, archive) if programs else None
    with open(made.name if made else archive, "rb") as image, \
            open(os.path.join(folder, f"{IMAGE}.lzma"), "wb") as file:
        file.write(packed(image.read()))
    return folder


class Server(http.server.ThreadingHTTPServer):
    """Of one folder, to this computer only."""

    daemon_threads = True

    def __init__(self, folder, handler=None):
        class Handler(handler or Files):
            pass
        Handler.folder = folder
        for port in range(FIRST_PORT, FIRST_PORT + PORTS):
            with contextlib.suppress(OSError):
                super().__init__(("127.0.0.1", port), Handler)
                return
        manners.give_up(f"no port from {FIRST_PORT} to "
                        f"{FIRST_PORT + PORTS - 1} is free")

    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def begin(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self


class Files(http.server.BaseHTTPRequestHandler):
    """The files of the folder, by their names; it has no folders in it."""

    folder = None
    protocol_version = "HTTP/1.1"

    def do_GET(self): # pylint: disable=invalid-name
        name = self.path.split("?")[0].lstrip("/") or "index.html"
        path = os.path.join(self.folder, name)
        if "/" in name or not os.path.isfile(path):
            self.reply(404, "text/plain", b"There is no such file.\n")
            return
        with open(path, "rb") as file:
            kind = KINDS.get(os.path.splitext(name)[1],
                             "application/octet-stream")
            self.reply(200, kind, file.read())

    def reply(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        with contextlib.suppress(OSError): # who asked has gone
            self.wfile.write(body)

    def log_message(self, *_): # not on the operator's terminal
        pass


def serve(build, programs):
    """Until the person ends it."""
    folder = make(build, programs=programs)
    server = Server(folder)
    tell(f"The page is in {shown(folder)}; any web server can offer it.")
    server.begin()
    browser.offer(server.address(), "ctrl-c ends this.")
    while True:
        signal.pause()
