"""Types lines on the console, each as soon as the console is ready for it.

The console is ready when the line at the cursor is the prompt, `> ` or, for
another process than the root, the process and that, `s/talk> `.  Between
its prompts it may print at any time; a typed line counts as taken when its
echo has been seen as a finished line.  Who has taken a line and asks for no
other brings no prompt; then the attention key needs none, when all is quiet.
While somebody writes and never pauses, no prompt comes either; then it is not
waited for, since the console keeps in order what is typed early.
"""
import math
import os
import re
import select
import sys

import machine
import manners

PROMPT = re.compile(r"(?:[a-z][a-z0-9_-]*/[a-z0-9_/.-]+)?> ")
PROMPT_OF_ROOT = "> "
ATTENTION = "\x1d" # control ], which is no program's key
END_OF_INPUT, SHOWN_END = "\x04", "^D"
ASKS_WHOM = "to "
# Of the machine's Clock, in seconds.
QUIET = 0.25 # for a console whose echo was torn by other output
FLOOD = 1.0  # of output without a pause like that, which may never end
LAST_QUIET = 1.0 # for a machine that may be about to end
ECHOED = 255 # characters of a line, and no more
QUOTED = 60  # the same, in a message


NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def text_of(path):
    """Of a file with lines to type; gives up, if it has none."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
    except UnicodeDecodeError:
        manners.give_up(f"{path} is no text in UTF-8")
    odd = NO_TEXT.search(text)
    if odd:
        number = text.count("\n", 0, odd.start()) + 1
        manners.give_up(f"{path}: line {number} has a sign of no text, "
                        f"{odd[0]!r}")
    return text


def quoted(text):
    """What was typed or came, so that it fits into a message."""
    if len(text) > QUOTED:
        text = text[:QUOTED] + "..."
    return f"`{NO_TEXT.sub('?', text)}`"


class Ended(Exception):
    """The machine ended before everything was typed."""


class Typist:
    def __init__(self, computer, show, programs=False):
        self.computer = computer
        self.programs = programs # lines are for them, and mean nothing here
        self.screen = machine.Screen()
        self.show = show # called with each finished line
        self.since = []  # lines finished since the last typed one
        self.typed = None
        self.heard = 0.0      # when something came last
        self.flood_from = 0.0 # since then no pause was, nor a line typed
        self.panic = None
        self.awaited = "the first prompt"

    def step(self, wait=None, also=()):
        """Takes in what comes next; whether anything came."""
        text = self.computer.read(wait, also)
        if text is None:
            if self.screen.line().strip():
                self.show(self.screen.line().rstrip())
                self.screen = machine.Screen()
            raise Ended
        if text:
            before, self.heard = self.heard, self.computer.clock.now()
            if self.heard - before >= QUIET:
                self.flood_from = self.heard
        for line in self.screen.feed(text):
            self.show(line)
            self.since.append(line)
            if machine.PANIC.match(line):
                self.panic = line
        return bool(text)

    def echoed(self):
        return self.typed is None or any(
            line.endswith(self.typed[:ECHOED]) for line in self.since)

    def is_flooded(self, seconds):
        """Whether output comes, and came for so long without a pause."""
        return self.heard - self.flood_from >= seconds and \
            self.computer.clock.now() - self.heard < QUIET

    def until(self, condition, awaited):
        """Until it holds; `awaited` says what is waited for."""
        self.awaited = awaited
        while not condition():
            if self.panic:
                self.end_of_panic()
            self.step()

    def until_quiet(self, seconds):
        clock = self.computer.clock
        end = clock.now() + seconds
        while clock.now() < end:
            if self.step(end - clock.now()):
                end = clock.now() + seconds

    def end_of_panic(self):
        """Lets the panic say its last words, and the machine stop."""
        self.until_quiet(QUIET)
        self.computer.stop()
        raise Ended

    def gave_up(self, deadline):
        return (f"stopped after {deadline} s, waiting for {self.awaited}; "
                f"the line at the cursor was {quoted(self.screen.line())}")

    def until_ready(self, attention=False, quiet=QUIET, flood=FLOOD):
        """Until the prompt is there, or the attention key can be pressed, or
        it makes no sense to wait for one."""
        self.awaited = "the prompt" if self.typed is None else \
            f"the prompt after {quoted(self.typed)}"
        clock = self.computer.clock
        quiet_from = clock.now()
        while True:
            if self.panic:
                self.end_of_panic()
            prompt = PROMPT.fullmatch(self.screen.line())
            if prompt and self.echoed():
                return
            if self.is_flooded(flood) and self.echoed():
                return
            enough = prompt and self.since or \
                attention and self.typed is not None and self.echoed()
            if self.step(quiet if enough else None):
                quiet_from = clock.now()
            elif enough and clock.now() - quiet_from >= quiet:
                return

    def line(self, text):
        """Types one line of a dialogue."""
        turns = text.startswith("to ") and not self.programs
        if text.startswith("wait ") and not self.programs:
            self.wait(text[5:].strip())
            return
        self.until_ready(attention=turns)
        if turns:
            text = text[3:].strip()
            self.since = []
            self.computer.type(ATTENTION)
            self.until(lambda: self.screen.line() == ASKS_WHOM,
                       "`to ` after the attention key")
        self.since = []
        self.typed = text
        self.flood_from = self.computer.clock.now()
        self.computer.type(END_OF_INPUT if text == SHOWN_END else text + "\n")

    def wait(self, text):
        def there():
            lines = self.since + [self.screen.line()]
            if self.typed is None:
                return any(text in line for line in lines)
            echoes = [number for number, line in enumerate(self.since)
                      if line.endswith(self.typed)]
            return bool(echoes) and any(
                text in line for line in lines[echoes[0] + 1:])
        self.until(there, quoted(text))


def lines_of(file):
    """A dialogue's lines, without comments."""
    for line in file:
        if not line.startswith("#"):
            yield line.rstrip("\r\n")


def read_from(descriptor):
    try:
        return os.read(descriptor, 4096)
    except OSError as error:
        manners.give_up(f"standard input cannot be read: {error.strerror}")


def is_readable(descriptor):
    return bool(select.select([descriptor], [], [], 0)[0])


def lines_for_programs(descriptor, typist, deadline):
    """Lines from a pipe, which are typed as they are; when the input has ended,
    so does that of each program that reads, and the root halts."""
    yield from typed_lines(descriptor, typist, deadline)
    try:
        typist.until_ready()
        while typist.screen.line() != PROMPT_OF_ROOT:
            yield SHOWN_END
            typist.until_ready()
        yield "halt"
    except Ended: # one has halted it
        pass


def typed_lines(descriptor, typist, deadline):
    """Lines from a pipe, read while the machine goes on talking.

    The deadline is the machine's, for each line, not that of whoever types.
    """
    def end():
        return None if deadline is None else \
            typist.computer.clock.now() + deadline

    rest = b""
    try:
        while True:
            typist.until_ready(attention=True)
            typist.computer.end = None
            while b"\n" not in rest:
                if is_readable(descriptor):
                    data = read_from(descriptor)
                    if not data and not rest:
                        typist.computer.end = end()
                        return
                    rest += data or b"\n"
                else:
                    typist.step(also=(descriptor,))
            line, rest = rest.split(b"\n", 1)
            typist.computer.end = end()
            yield line.decode("utf-8", "replace")
    except Ended: # what has been written already is left
        if is_readable(descriptor):
            rest += read_from(descriptor)
        yield from rest.decode("utf-8", "replace").splitlines()


def where_to(prompt):
    """What ends the machine, when lines go where the prompt says."""
    return "`halt`" if prompt in ("", PROMPT_OF_ROOT) else \
        f"`to {prompt.split('/')[0]}` and `halt`: lines go to " \
        f"{prompt[:-len(PROMPT_OF_ROOT)]}"


def type_all(typist, lines):
    """Types them all; those that were left when the machine had ended, or None:
    it has not."""
    left = None
    for text in lines:
        try:
            if left is None:
                typist.line(text)
            elif text:
                left.append(text)
        except Ended:
            left = [text] * bool(text)
    try:
        if left is None:
            typist.until_ready(attention=True, quiet=LAST_QUIET, flood=math.inf)
    except Ended:
        left = []
    return left


def hold(computer, source, name, deadline, show=print, piped=False,
         programs=False):
    """Types all lines of `source`, a file; the exit status for the shell.
    `programs`: those of a pipe are for programs, which are told its end.

    What went wrong is told on standard error.
    """
    def complain(what):
        print(f"{name}: {what}", file=sys.stderr)

    typist = Typist(computer, show, programs)
    if programs:
        lines = lines_for_programs(source.fileno(), typist, deadline)
    elif piped:
        lines = lines_of(typed_lines(source.fileno(), typist, deadline))
    else:
        lines = lines_of(source)
    try:
        left = type_all(typist, lines)
        if left is None:
            complain("all lines have been typed, and the machine is still "
                     f"running; end it with {where_to(typist.screen.line())}")
            return 1
    except TimeoutError:
        complain(typist.gave_up(deadline))
        return 1
    status = end_of(computer, typist, complain)
    if left and status == 0:
        complain(f"the machine has ended, and {quoted(left[0])} was not "
                 "reached" + ", nor what follows it" * (len(left) > 1))
    return status


def end_of(computer, typist, complain):
    """The exit status when the machine has ended by itself."""
    if typist.panic:
        complain(f"the nucleus stopped: {typist.panic}")
        return 1
    status = computer.status()
    for sentence in computer.why(status):
        complain(sentence)
    return machine.outcome(status, computer.banner)
