"""For the tests of this folder: scripts, started as a person starts them."""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("KERNE_BUILD", os.path.join(HERE, "build"))
sys.path[:0] = [os.path.join(HERE, "tests"), os.path.join(HERE, "tools"),
                os.path.join(HERE, "tests", "system")]

RUN = os.path.join(HERE, "tools", "run.py") # without building first
DEADLINE = 900 # seconds
TRACEBACK = "Traceback"


class Ended:
    """A command that has ended: status, and what it printed."""

    def __init__(self, words, typed="", deadline=DEADLINE, **streams):
        """`streams`: of subprocess, where they are others than pipes."""
        streams = dict({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE},
                       **streams)
        if "stdin" not in streams:
            streams["input"] = typed
        try:
            done = subprocess.run(words, text=True, errors="replace",
                                  timeout=deadline, check=False, **streams)
            self.status = done.returncode
            self.out, self.err = done.stdout or "", done.stderr or ""
        except subprocess.TimeoutExpired as error:
            self.status = None
            self.out, self.err = repr(error.stdout), repr(error.stderr)

    def why(self):
        return [f"status {self.status}", *self.out.splitlines()[-10:],
                *self.err.splitlines()[-20:]]


def run(*options, **how):
    return Ended([sys.executable, RUN, *options], **how)


def refused(writer, name, ended, *says):
    """A point: it failed, in words and without a traceback."""
    writer.point(ended.status not in (0, None) and
                 TRACEBACK not in ended.err and
                 all(text in ended.err for text in says), name,
                 [f"wanted: {says}", *ended.why()])
