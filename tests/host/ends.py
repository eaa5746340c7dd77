#!/usr/bin/python3
"""How ./run, ./check and the machine end: none outlives the other, and what
ended without `halt` is no success.  (At a terminal: tests/system/run_ends.py.)
"""
import os
import pty
import signal
import subprocess
import sys
import tempfile
import termios
import time

from script import BUILD, DEADLINE, Ended, HERE, RUN

import person # found by way of script
import tap

AT_ONCE = 60 # seconds


def state_of(number):
    """Of a process, as a letter; one that is gone is Z, as one is that has
    ended and whose parent, perhaps not us, does not know yet."""
    try:
        with open(f"/proc/{number}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "Z"


def comes_to(number, states, seconds=DEADLINE):
    end = time.monotonic() + seconds
    while state_of(number) not in states and time.monotonic() < end:
        time.sleep(0.01)
    return state_of(number) in states


def is_gone(number):
    """Whether that process ends."""
    return comes_to(number, "Z")


class Piped:
    """A ./run with an image of its own making, which waits for its input."""

    def __init__(self, folder):
        self.folder = tempfile.mkdtemp(dir=folder)
        pid = os.path.join(folder, "pid")
        self.process = subprocess.Popen(
            [sys.executable, RUN, "--image", "s,console",
             "--qemu", f"-pidfile {pid}"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=dict(os.environ, TMPDIR=self.folder))
        for line in self.process.stdout:
            if line.startswith(b"To begin"):
                break
        with open(pid, encoding="ascii") as file:
            self.machine = int(file.read())

    def status(self):
        """With what ./run says of its end."""
        _, errors = self.process.communicate(timeout=DEADLINE)
        return self.process.returncode, errors.decode()


def piped(writer, folder):
    """By a signal; KILL is what a time-out of Python's subprocess does."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT,
                   signal.SIGINT, signal.SIGKILL):
        run = Piped(folder)
        had = os.listdir(run.folder)
        run.process.send_signal(number)
        status, errors = run.status()
        left = os.listdir(run.folder)
        wanted = -9 if number == signal.SIGKILL else 128 + number
        writer.point(status == wanted and is_gone(run.machine) and had and
                     (not left or number == signal.SIGKILL) and
                     "Traceback" not in errors,
                     f"ends.piped.{signal.Signals(number).name}",
                     [f"status {status}; {left}", errors])


def without_halt(writer, folder):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
        name = signal.Signals(number).name
        run = Piped(folder)
        os.kill(run.machine, number)
        status, errors = run.status()
        writer.point(status == 128 + number and
                     f"ended by signal {name}" in errors,
                     f"ends.without_halt.{name}", [f"status {status}", errors])
        at_terminal = person.Person()
        os.kill(at_terminal.machine, number)
        status = at_terminal.status()
        writer.point(status == 128 + number and
                     f"ended by signal {name}".encode() in at_terminal.said,
                     f"ends.without_halt.at_a_terminal.{name}",
                     [f"status {status}", repr(at_terminal.said[-300:])])


def echoes(terminal):
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def terminal(writer):
    """It is as it was, and one that is closed ends everything."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        run = person.Person()
        raw = not echoes(run.terminal)
        os.kill(run.process, number)
        status = run.status()
        writer.point(raw and status == 128 + number and echoes(run.terminal),
                     "ends.terminal_is_as_before."
                     f"{signal.Signals(number).name}", [f"status {status}"])
    run = person.Person()
    os.close(run.terminal)
    _, status = os.waitpid(run.process, 0)
    writer.point(run.machine_is_gone() and status != 0,
                 "ends.terminal_is_closed", [f"status {status}"])


def in_background(writer):
    """Of a terminal that is another's, as under `timeout`: ./run is stopped
    there, and a signal ends it all the same."""
    leader, terminal = pty.fork()
    if leader == 0:
        job = os.fork()
        if job == 0:
            os.setpgid(0, 0)
            os.execv(sys.executable, [sys.executable, RUN])
        print(job, flush=True)
        os.waitpid(job, 0)
        os._exit(0)
    job = int(os.read(terminal, 100).split()[0])
    stopped = comes_to(job, "T")
    with open(f"/proc/{job}/task/{job}/children", encoding="ascii") as file:
        machine = int(file.read().split()[-1])
    os.kill(job, signal.SIGTERM)
    os.kill(job, signal.SIGCONT)
    ended = comes_to(job, "Z", AT_ONCE)
    os.kill(leader, signal.SIGKILL)
    os.waitpid(leader, 0)
    os.close(terminal)
    writer.point(stopped and ended and is_gone(machine), "ends.in_background",
                 [f"stopped: {stopped}; ended: {ended}"])


def ignored(writer, folder):
    """Who started it with SIGHUP ignored, as nohup does, wants that."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    run = Piped(folder)
    signal.signal(signal.SIGHUP, before)
    run.process.send_signal(signal.SIGHUP)
    run.process.stdin.write(b"halt\n")
    run.process.stdin.flush()
    status, errors = run.status()
    writer.point(status == 0, "ends.ignored_signal", [f"status {status}",
                                                      errors])


CHECK = """
import os, runpy, sys
sys.path.insert(0, "tests")
import suites
build = os.environ["KERNE_BUILD"]
tests = [suites.Test(build, "host", f"sleeps{number}", 100,
                     ["sh", "-c", "echo $$ >>PIDS; exec sleep 1000"])
         for number in (1, 2)]
boot = suites.Boot(build, dict(
    release=True, image="image.tar", memory="64M", arguments="", status=0,
    says="", suite="host", name="goes_on", deadline=100, parallel=True))
boot.words += ["-pidfile", sys.argv[1]]
suites.all_tests = lambda build, scale: tests + [boot]
sys.argv = ["tests/run.py", "--jobs", "3"]
runpy.run_path("tests/run.py", run_name="__main__")
"""


def check_ends(writer, folder):
    """One control C, though only ./check itself hears of it."""
    pids = os.path.join(folder, "pids")
    program = CHECK.replace("PIDS", pids)
    pid = os.path.join(folder, "check_pid")
    check = subprocess.Popen([sys.executable, "-c", program, pid], cwd=HERE,
                             env=dict(os.environ, KERNE_BUILD=BUILD),
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def numbers():
        found = []
        for path in (pids, pid):
            if os.path.exists(path):
                with open(path, encoding="ascii") as file:
                    found += [int(word) for word in file.read().split()]
        return found

    end = time.monotonic() + DEADLINE
    while len(numbers()) < 3 and check.poll() is None and \
            time.monotonic() < end:
        time.sleep(0.05)
    began = numbers()
    check.send_signal(signal.SIGINT)
    try:
        _, errors = check.communicate(timeout=AT_ONCE)
    except subprocess.TimeoutExpired:
        check.kill()
        _, errors = check.communicate()
    writer.point(len(began) == 3 and check.returncode == 130 and
                 all(is_gone(number) for number in began) and not errors,
                 "ends.check_at_control_c",
                 [f"{began}, status {check.returncode}", errors.decode()])


def check_has_little_time(writer):
    """Of the shell, which only root may change."""
    drop = ["setpriv", "--bounding-set=-sys_resource"] * (os.geteuid() == 0)
    ended = Ended(["sh", "-c", 'ulimit -t 100; exec "$@"', "sh", *drop,
                   sys.executable, "tests/run.py", "style", "text"], cwd=HERE,
                  env=dict(os.environ, KERNE_BUILD=BUILD))
    writer.point(ended.status == 0, "ends.check_has_little_time", ended.why())


def main():
    writer = tap.Writer()
    person.hear_signals()
    with tempfile.TemporaryDirectory() as folder:
        piped(writer, folder)
        without_halt(writer, folder)
        ignored(writer, folder)
        check_ends(writer, folder)
    check_has_little_time(writer)
    terminal(writer)
    in_background(writer)
    writer.end()


if __name__ == "__main__":
    main()
