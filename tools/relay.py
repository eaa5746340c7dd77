"""A person's terminal and the machine's console, until the machine ends.

What is typed waits here until the machine takes it, and the terminal is read
all the time: so a large paste arrives whole and in order, and ctrl-a x is heard
even when the machine takes nothing more.  The console's driver says when it can
take more, and learns from here that it has a terminal, and of which size.

Three keys overtake what waits here:

    escape     then the person types the attention line; what waits goes on
               when it is closed, or is dropped, if lines go elsewhere from
               then on
    control ]  the same, also while keys are a program's, and escape is, too
    control C  takes back all that nobody has read; unless keys are a program's

How much was dropped here, the driver is told, and the driver says it.
"""
import errno
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
import tty

import flow
import machine
import manners
import places

LEAVE = b"\x01" # ctrl-a, before x
ESCAPE = b"\x1b"
# What ends the attention line; an escape that begins another key does not.
ENDS_ATTENTION = re.compile(rb"[\r\n\x1d]|\x1b(?![\[O])")
# What programs make of a terminal, and leave so if the machine ends.
SANE = b"\x18\x1b\\\x0f\x1b(B\x1b[?1000;1002;1003;1006;2004;66;1l" \
    b"\x1b[?7;25h\x1b[4;20l\x1b[?1049l\x1b[m"
A_KEY = 0.025 # seconds; the bytes of one key come within
A_FEW = 64 # bytes
GATHERING = 0.001 # seconds
AT_ONCE = 4096 # bytes in the pipe to the machine, which nothing overtakes
ON_THE_WAY = 65536 # bytes for a terminal that does not take them


class Typed:
    """The bytes that the machine has not taken yet."""

    def __init__(self):
        self.waiting = bytearray()
        self.ahead = bytearray() # what overtakes, or is no key
        self.later = bytearray() # typed behind an attention line
        self.leaving = False     # the last byte was ctrl-a
        self.known = False       # the driver has said that it is here
        self.stopped = False     # it takes no more
        self.attending = False   # the attention line is being typed
        self.escaped = False     # that was begun by escape
        self.raw = False         # keys are a program's
        self.closing = False     # it was ended; what waits hangs on it
        self.size = None         # of the terminal: rows, columns

    def add(self, data, last_is_escape):
        """False: ctrl-a x, the person leaves.  `last_is_escape`: the key, and
        not the beginning of another one."""
        for sign in data:
            if self.leaving and sign in b"xX":
                return False
            self.leaving = sign == LEAVE[0]
        if not self.known:
            self.take(data)
            return True
        *parts, last = data.split(flow.LEAD_BACK)
        for part in parts:
            self.add_keys(part, False)
            self.attend(flow.LEAD_BACK)
        self.add_keys(last, last_is_escape)
        return True

    def add_keys(self, data, last_is_escape):
        if self.raw:
            self.take(flow.coded(data))
            return
        if flow.TAKE_BACK in data:
            before, _, data = data.rpartition(flow.TAKE_BACK)
            self.take_back(len(before))
        # The relay alone says these to the driver.
        data = data.translate(None, flow.XON + flow.DROP + flow.CODE)
        if last_is_escape:
            self.take(data[:-1])
            self.attend(ESCAPE)
        else:
            self.take(data)

    def attend(self, key):
        if self.attending or self.closing or \
                not (self.waiting or self.stopped):
            self.take(key)
        else:
            self.ahead += key
            self.attending, self.escaped = True, key == ESCAPE
        self.raw = False

    def take(self, data):
        if self.attending:
            end = ENDS_ATTENTION.search(data)
            if end:
                self.ahead += data[:end.end()]
                self.later += data[end.end():]
                self.attending, self.closing = False, True
            else:
                self.ahead += data
        else:
            (self.later if self.closing else self.waiting).extend(data)

    def take_back(self, more):
        dropped = flow.length(self.waiting) + flow.length(self.later) + more
        self.waiting.clear()
        self.later.clear()
        self.attending = self.closing = False
        self.ahead += flow.TAKE_BACK + b"%d" % dropped + flow.TAKE_BACK

    def tell_size(self, size):
        self.size = size
        if self.known and size is not None:
            self.ahead += flow.CODE + b"s%d;%d" % size + flow.CODE

    def heard(self, sign):
        """The driver has said something."""
        if sign == flow.XOFF:
            self.stopped = True
        elif sign == flow.XON and not self.stopped: # a driver that is new
            self.known, self.raw = True, False
            self.go_on()
            self.ahead += flow.XON
            self.tell_size(self.size)
        elif sign == flow.XON:
            self.stopped = False
        elif sign == flow.GO_ON and self.closing:
            self.go_on()
        elif sign == flow.DROP:
            dropped = flow.length(self.waiting) if self.closing else 0
            if self.closing:
                self.waiting.clear()
                self.go_on()
            self.ahead += flow.DROP + b"%d" % dropped + flow.DROP
        elif sign == flow.RAW:
            self.begin_raw()
        elif sign == flow.NOT_RAW:
            self.raw = False

    def begin_raw(self):
        """The driver has taken an escape for a key, if one was on its way;
        control ] it has not, and will say how that ends."""
        if self.escaped or not (self.attending or self.closing):
            self.raw = True
            self.go_on()

    def go_on(self):
        self.attending = self.closing = False
        self.waiting += self.later
        self.later.clear()

    def next(self):
        """What the machine is to get next."""
        if self.ahead:
            return self.ahead
        if self.stopped or self.attending or self.closing:
            return bytearray()
        return self.waiting

    def pass_on(self, machine_in):
        data = self.next()
        part = data[:AT_ONCE] # the pipe takes all of it, or nothing
        if len(data) > AT_ONCE and part[-1:] == flow.CODE:
            part = part[:-1] # so nothing comes between that and its letter
        try:
            del data[:os.write(machine_in, part)]
        except BlockingIOError:
            pass
        except OSError: # the machine has closed its end; reading says so
            data.clear()


class Terminal:
    """The person's side."""

    def __init__(self):
        self.text = bytearray() # not written yet
        self.last = b"\n"       # that was
        try: # another way to it, so that the shell's stays as it is
            self.out = os.open(os.ttyname(1),
                               os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
        except OSError:
            self.out = 1
        self.resized, self.wake = os.pipe()
        for end in (self.resized, self.wake):
            os.set_blocking(end, False)
        signal.signal(signal.SIGWINCH, lambda *_: None)
        signal.set_wakeup_fd(self.wake, warn_on_full_buffer=False)

    def close(self):
        signal.set_wakeup_fd(-1)
        os.set_blocking(self.out, True)
        try:
            os.write(self.out, self.text)
        except OSError: # it is gone
            pass

    @staticmethod
    def size():
        try:
            rows, columns, _, _ = struct.unpack("4H", fcntl.ioctl(
                0, termios.TIOCGWINSZ, bytes(8)))
        except OSError: # it is gone
            return None
        return (rows, columns) if rows and columns else None

    def show(self, data):
        """What QEMU says; the terminal is raw."""
        self.text += data.replace(b"\n", b"\r\n")

    def end_line(self):
        """What comes behind the machine's last words stands below them."""
        if not (self.last + self.text).endswith(b"\n"):
            self.text += b"\r\n"

    def write(self):
        try:
            written = os.write(self.out, self.text[:1024])
            self.last = bytes(self.text[:written])[-1:]
            del self.text[:written]
        except BlockingIOError:
            pass
        except OSError as error:
            if error.errno != errno.EIO: # not a terminal, and full
                manners.standard_output_takes_no_more(error)
            self.text.clear() # it is gone; reading says so

    @staticmethod
    def read():
        """Keys, and whether the last of them is the escape key."""
        try:
            data = os.read(0, 65536)
            while data.endswith(ESCAPE):
                ready, _, _ = select.select([0], [], [], A_KEY)
                more = os.read(0, 65536) if ready else b""
                if not more:
                    return data, True
                data += more
        except OSError: # it is gone
            return b"", False
        return data, False


def copy(process, banner, words, said, end):
    """Both ways; returns when the machine has ended: true, if the person has
    ended it."""
    machine_in, machine_out = process.stdin.fileno(), process.stdout.fileno()
    typed = Typed()
    decoder = flow.Decoder()
    terminal = Terminal()
    words.show = terminal.show
    left_by_person = False
    keyboard = [0]

    def learn_size():
        size = terminal.size()
        typed.tell_size(size)
        said.columns = size[1] if size else places.COLUMNS

    def hear(data):
        text, signs = flow.divide(data, flow.SIGNS + flow.OF_RAW)
        was_raw = typed.raw
        for sign in signs:
            typed.heard(sign)
        text = banner.feed(decoder.decode(text))
        terminal.text += text if was_raw or typed.raw else said.feed(text)

    learn_size()
    try:
        while True:
            left = None if end is None else max(0, end - time.monotonic())
            ready, writable, _ = select.select(
                keyboard + [terminal.resized] + words.sources +
                [machine_out] * (len(terminal.text) < ON_THE_WAY),
                [machine_in] * bool(typed.next()) +
                [terminal.out] * bool(terminal.text), [], left)
            if end is not None and time.monotonic() >= end:
                process.kill()
                return left_by_person
            if process.stderr in ready:
                words.take()
            if machine_out in ready:
                data = os.read(machine_out, 65536)
                if not data: # the machine has ended
                    return left_by_person
                hear(data)
                if len(data) < A_FEW: # QEMU writes byte by byte: let it gather
                    time.sleep(GATHERING)
            if terminal.resized in ready:
                os.read(terminal.resized, 4096)
                learn_size()
            if 0 in ready:
                data, last_is_escape = terminal.read()
                if not data: # the terminal is gone; the machine ends with it
                    keyboard = []
                left_by_person = not typed.add(data, last_is_escape)
                if left_by_person: # what is typed now is the shell's
                    keyboard = []
                if not data or left_by_person:
                    process.kill()
            if machine_in in writable and typed.next():
                typed.pass_on(machine_in)
            if terminal.out in writable:
                terminal.write()
    finally:
        terminal.text += SANE * typed.raw
        if left_by_person:
            terminal.end_line()
        terminal.close()


def restore(settings):
    """Unless the terminal has become another's, who has set it as he wants: to
    change it would stop us, and a signal would not end us."""
    try:
        is_ours = os.tcgetpgrp(0) == os.getpgrp()
    except OSError: # it governs no jobs of ours
        is_ours = True
    if is_ours:
        termios.tcsetattr(0, termios.TCSANOW, settings)


def relay(command, keep_banner, deadline, said):
    """Returns the machine's exit status: 0, too, after ctrl-a x.  What the
    machine says passes through said.feed()."""
    process = machine.start(command, stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            bufsize=0)
    words = machine.Words(process)
    fcntl.fcntl(process.stdin, fcntl.F_SETPIPE_SZ, AT_ONCE)
    os.set_blocking(process.stdin.fileno(), False)
    banner = machine.Banner(keep_banner)
    end = None if deadline is None else time.monotonic() + deadline
    settings = termios.tcgetattr(0)
    try:
        tty.setraw(0, termios.TCSANOW) # and what was typed already stays
        left_by_person = copy(process, banner, words, said, end)
    finally:
        restore(settings)
        if sys.exc_info()[0] is not None:
            process.kill()
            process.wait()
    if left_by_person:
        process.wait()
        return 0
    if end is not None and time.monotonic() >= end:
        manners.give_up(f"stopped after {deadline} s")
    words.show = manners.tell_bytes
    status = words.status()
    for sentence in machine.why(status, words, banner):
        manners.tell(f"./run: {sentence}")
    return machine.outcome(status, banner)
