"""The virtual machine: QEMU's command, and its serial console.

`Machine` starts QEMU and reads and types on its serial console through
pipes.  `Screen` turns what came into finished lines, as an operator sees them.
"""
import codecs
import os
import re
import select
import signal
import socket
import subprocess
import time

import cross
import flow

FIRST_LINE = re.compile(rb"^Kerne ", re.MULTILINE)
PANIC = re.compile(r"^panic:", re.MULTILINE)


# The machine's time as its count of instructions.  Without sleep, time passes
# at once while the machine is idle, but then QEMU hears nothing from outside:
# only for machines on which nobody types.
EXACT = "shift=0"
EXACT_ALONE = "shift=0,sleep=off"


def is_view():
    """Whether the machine of view/machine/ stands in QEMU's place."""
    return os.environ.get("KERNE_MACHINE") == "view"


def name():
    return "the machine of view/machine" if is_view() else cross.qemu()


def view_beside(kernel):
    """The machine that was built with this nucleus."""
    return os.path.join(os.path.dirname(os.path.abspath(kernel)), "..", "..",
                        "view", "machine", "machine")


def command(kernel, image, *, memory="128M", icount=None, append=None,
            gdb=None, more=()):
    """QEMU's command; or, if KERNE_MACHINE is `view`, that of the machine of
    view/machine/, which takes these words, too."""
    words = [view_beside(kernel) if is_view() else "qemu-system-riscv64",
             "-M", "virt", "-m", memory, "-no-reboot",
             "-kernel", kernel, "-initrd", image,
             "-display", "none", "-monitor", "none", "-parallel", "none",
             "-chardev", "stdio,id=console,mux=off,signal=off",
             "-serial", "chardev:console"]
    if icount:
        words += ["-icount", icount]
    if append:
        words += ["-append", append]
    if gdb:
        words += ["-gdb", f"tcp:127.0.0.1:{gdb}", "-S"]
    return words + list(more)


def start(words, **streams):
    """QEMU, or another program, which never outlives the thread that starts
    it."""
    return subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *words],
                            **streams)


def free_port(first=1234):
    """The first port from `first` on that nobody listens at."""
    for port in range(first, first + 1000):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise OSError(f"no free port from {first} on")


SILENT = "the nucleus has not said a word; it needs 16M of storage, or more"
OVERLAP = "if storage was meant to be so small: the nucleus needs 16M"
ENDED_BY = re.compile(rb"terminating on signal (\d+)")


class Words:
    """What QEMU says itself, not its machine: shown as it comes."""

    def __init__(self, process, show=lambda data: None):
        self.process = process
        self.show = show
        self.said = b"" # the end of it
        self.sources = [process.stderr] # while there is more

    def take(self):
        data = os.read(self.process.stderr.fileno(), 65536)
        self.said = (self.said + data)[-4096:]
        if not data:
            self.sources = []
        self.show(data)

    def text(self):
        return self.said.decode("utf-8", "replace")

    def status(self):
        """QEMU's exit status, when the console has ended.  It ends with 0 by
        most signals; then the status is as if it had not caught that one."""
        status = self.process.wait()
        while self.sources:
            self.take()
        ended_by = ENDED_BY.search(self.said)
        return -int(ended_by[1]) if ended_by else status


def outcome(status, banner):
    """The exit status of ./run: no machine that halted is one that never
    began, as with `-version`."""
    return status if status != 0 or banner.passed else 1


def why(status, words, banner):
    """What a person is to know of the end of a machine, in sentences.  When
    QEMU refuses, it has told its reason."""
    firmware = banner.rest().decode("utf-8", "replace").strip()
    if status == 0 and not banner.passed:
        return ["QEMU has ended, and no machine has begun" +
                ("; it said:\n" + firmware if firmware else "")]
    if status == 1 and words.said and not firmware:
        return [OVERLAP] if b"overlap" in words.said else []
    said = [SILENT + "\n" + firmware] if firmware else []
    if status < 0:
        said.append("the machine was ended by signal "
                    f"{signal.Signals(-status).name}")
    elif status > 0:
        said.append(f"the machine ended with exit status {status}")
    return said


class Clock:
    """A machine's own time, in seconds: it goes on while QEMU computes, and
    while QEMU sleeps since the machine has nothing to do; not while others keep
    the computer busy."""

    STEP = 0.05 # seconds, after which one has to look again

    def __init__(self, process):
        self.folder = f"/proc/{process.pid}/task"
        self.processor = (~process.pid << 3) | 2 # as clock_getcpuclockid(3)
        self.time = 0.0
        self.seen = time.monotonic()
        self.used = self.time_used()

    def time_used(self):
        try:
            return time.clock_gettime(self.processor)
        except OSError: # it has ended
            return self.used

    def is_asleep(self):
        """Whether each of its threads is."""
        try:
            for thread in os.listdir(self.folder):
                with open(os.path.join(self.folder, thread, "stat"),
                          encoding="ascii", errors="replace") as file:
                    if file.read().rpartition(")")[2].split()[0] != "S":
                        return False
        except OSError: # a thread, or it, has ended
            return False
        return True

    def now(self):
        """For whoever asks seldom it does not go faster than STEP by STEP."""
        seen = time.monotonic()
        passed = seen - self.seen
        if passed >= self.STEP:
            used = self.time_used()
            self.time += self.STEP if self.is_asleep() else \
                min(self.STEP, used - self.used)
            self.seen, self.used = seen, used
        return self.time


class Banner:
    """Holds back the firmware's lines, unless they are to be kept: all before
    the nucleus's first."""

    def __init__(self, keep=False):
        self.held = b""
        self.keep = keep
        self.passed = False # the nucleus has said a word

    def feed(self, data):
        if self.passed:
            return data
        self.held += data
        found = FIRST_LINE.search(self.held)
        self.passed = found is not None
        if self.keep:
            return data
        return self.held[found.start():] if found else b""

    def rest(self):
        """What is held, when the nucleus has not said a word; else empty."""
        return b"" if self.passed or self.keep else self.held


class Machine:
    def __init__(self, words, deadline=None, keep_banner=False,
                 show=lambda data: None):
        """`deadline`: seconds of its Clock for the whole run, None for ever;
        `show`: for what QEMU says itself."""
        self.banner = Banner(keep_banner)
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.process = start(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, bufsize=0)
        self.clock = Clock(self.process)
        self.end = deadline
        self.words = Words(self.process, show)
        os.set_blocking(self.process.stdin.fileno(), False)
        self.typed = bytearray() # and not taken yet
        self.stopped = False     # the console takes no more now

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def read(self, wait=None, also=()):
        """What came next, as text; None at the machine's end.

        Empty when only the firmware spoke, after `wait` seconds of its Clock,
        or when one of the file descriptors `also` can be read.  TimeoutError
        at the deadline.
        """
        output = self.process.stdout.fileno()
        typing = [self.process.stdin] if self.typed and not self.stopped else []
        enough = None if wait is None else self.clock.now() + wait
        limited = self.end is not None or enough is not None
        ready = writable = ()
        while not ready and not writable:
            now = self.clock.now()
            if self.end is not None and now >= self.end:
                raise TimeoutError
            if enough is not None and now >= enough:
                return ""
            ready, writable, _ = select.select(
                [output, *also, *self.words.sources], typing, [],
                Clock.STEP if limited else None)
        if writable:
            self.pass_on()
        if self.process.stderr in ready:
            self.words.take()
        if output not in ready:
            return ""
        data = os.read(output, 65536)
        if not data:
            return None
        text, signs = flow.divide(data)
        for sign in signs:
            self.stopped = sign == flow.XOFF or \
                self.stopped and sign != flow.XON
        return self.decoder.decode(self.banner.feed(text))

    def unsaid(self):
        """What spoke in the nucleus's place, if that said nothing, as text."""
        return self.banner.rest().decode("utf-8", "replace").strip()

    def why(self, status):
        return why(status, self.words, self.banner)

    def type(self, text):
        """Any amount; what the machine does not take now, goes with read()."""
        self.typed += text.encode()
        if not self.stopped:
            self.pass_on()

    def pass_on(self):
        try:
            del self.typed[:os.write(self.process.stdin.fileno(),
                                     self.typed[:4096])]
        except BlockingIOError:
            pass
        except BrokenPipeError: # the machine has ended: the next read says so
            self.typed.clear()

    def status(self):
        """The machine's exit status, once read() has given None."""
        return self.words.status()

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.stderr.close()


CONTROL = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])")


class Screen:
    """A terminal of one line: finished lines, and the one at the cursor."""

    def __init__(self):
        self.cells = []
        self.column = 0
        self.pending = ""

    def line(self):
        """What stands there, without blanks behind the cursor."""
        behind = "".join(self.cells[self.column:]).rstrip()
        return "".join(self.cells[:self.column]) + behind

    def feed(self, text):
        """The lines that `text` finishes."""
        finished = []
        text = self.pending + text
        self.pending = ""
        at = 0
        while at < len(text):
            sign = text[at]
            if sign == "\x1b":
                found = CONTROL.match(text, at)
                if found:
                    self.control(*found.groups())
                    at = found.end()
                    continue
                if re.fullmatch(r"\x1b(\[[0-9;?]*)?", text[at:]):
                    self.pending = text[at:]
                    break
            elif sign == "\n":
                finished.append(self.line().rstrip())
                self.cells, self.column = [], 0
            elif sign == "\r":
                self.column = 0
            elif sign == "\b":
                self.column = max(0, self.column - 1)
            elif sign >= " " or sign == "\t":
                self.cells[self.column:self.column + 1] = [sign]
                self.column += 1
            at += 1
        return finished

    def control(self, number, letter):
        count = int(number) if number.isdigit() else 1
        if letter == "K":
            del self.cells[self.column:]
        elif letter == "D":
            self.column = max(0, self.column - count)
        elif letter == "C":
            self.column = min(len(self.cells), self.column + count)
        elif letter == "G":
            self.column = min(len(self.cells), count - 1)
