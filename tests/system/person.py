"""For the tests of this folder: who sits at a terminal with ./run."""
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(HERE, "tests"), os.path.join(HERE, "tools")]

RUN = os.path.join(HERE, "tools", "run.py")
DEADLINE = 900 # seconds
SILENCE = 60 # seconds in which anything comes, before what is waited for


def hear_signals():
    """Those that a shell ignores for what it starts by `&`, or nohup does; so
    would all that is started from here."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


class Listener:
    """Who types at a terminal, and reads what comes."""

    def __init__(self, terminal, deadline, silence=SILENCE):
        self.terminal = terminal
        self.silence = silence
        self.end = time.monotonic() + deadline
        self.said = bytearray()
        self.heard = 0 # bytes of it: up to the end of the last text

    def hears(self, enough, typing=b""):
        """Reads until that is enough, and types as the terminal takes it;
        false: ./run ended, or nothing came for long, or the deadline did."""
        os.set_blocking(self.terminal, False)
        while not enough() or typing:
            left = min(self.end - time.monotonic(), self.silence)
            ready, writable, _ = select.select(
                [self.terminal], [self.terminal] if typing else [], [],
                max(0, left))
            if not ready and not writable:
                self.end = time.monotonic() # what comes next waits no more
                return False
            if ready:
                try:
                    data = os.read(self.terminal, 65536)
                except OSError:
                    data = b""
                if not data: # nobody has the other end
                    return False
                self.said += data
            if writable:
                typing = typing[os.write(self.terminal, typing[:4096]):]
        return True

    def hears_text(self, text, typing=b""):
        """The same, until that has come: since what is typed now, or behind
        the text that was heard last, though both came at once."""
        begin = len(self.said) if typing else self.heard
        found = -1

        def came():
            nonlocal begin, found
            if found < 0:
                found = self.said.find(text, begin)
                begin = max(begin, len(self.said) - len(text) + 1)
            return found >= 0
        good = self.hears(came, typing)
        if found >= 0:
            self.heard = found + len(text)
        return good


class Person(Listener):
    """Who sits at the terminal of a ./run that has come to its prompt."""

    def __init__(self, *options, deadline=DEADLINE, silence=SILENCE,
                 ahead=b""):
        """`ahead`: what is typed before ./run looks at the terminal."""
        self.process, terminal = pty.fork()
        if self.process == 0:
            hear_signals()
            os.execv(sys.executable, [sys.executable, RUN, *options])
        super().__init__(terminal, deadline, silence)
        os.write(self.terminal, ahead)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ,
                    struct.pack("4H", 24, 80, 0, 0))
        if not self.hears_text(b"> "):
            raise RuntimeError(f"./run gave no prompt: {bytes(self.said)!r}")
        children = f"/proc/{self.process}/task/{self.process}/children"
        with open(children, encoding="ascii") as file:
            self.machine = int(file.read().split()[-1])

    def status(self):
        """How ./run ended; None: it did not before the deadline."""
        if self.hears(lambda: False) or time.monotonic() >= self.end:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
            return None
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])

    def machine_is_gone(self):
        """Whether the machine's process ends, too."""
        while os.path.exists(f"/proc/{self.machine}"):
            if time.monotonic() >= self.end:
                return False
            time.sleep(0.01) # nobody tells whose child it is not
        return True
