"""A dialogue with what is expected in it: a transcript, as ./run prints it.

What begins with the prompt, or with `to `, is typed, as soon as all that stands
before it has come.  Every other line must come as it stands there, but for

    ~ EXPRESSION   one line, which this regular expression matches as a whole
    ~~             any number of lines, until one comes that fits the next line
    # ...          a comment

Function and line behind a pc, which ./run adds, are not compared.
"""
import math
import re
import sys

import dialogue
import places

# At the end of a line, a prompt has lost its blank.
TYPED = re.compile(rf"({dialogue.PROMPT.pattern[:-1]}(?: |$)|(?=to ))(.*)")
ANY = "~~"
CONTEXT = 5 # lines that are shown before a difference
SHOWN = 30  # lines of a difference


class Different(Exception):
    """A line came that does not fit."""


def typed(line):
    """What was typed to get this line of a transcript; None: it came."""
    found = TYPED.fullmatch(line)
    return found[2] if found else None


def fits(want, line):
    found = TYPED.fullmatch(want)
    if found: # of what is too long, no more can be seen
        room = dialogue.ECHOED + (len("to ") if not found[1] else 0)
        want = found[1] + found[2][:room]
    if want.startswith("~ "):
        return re.fullmatch(want[2:], line.rstrip()) is not None
    return want.rstrip() == line.rstrip()


class Expectation:
    def __init__(self, file, name):
        """Of the file with this name, which is open."""
        numbered = [(number, places.without(line.rstrip("\r\n")))
                    for number, line in enumerate(file, 1)
                    if not line.startswith("#")]
        self.name = name
        self.numbers = [number for number, _ in numbered]
        self.wanted = [line for _, line in numbered]
        self.at = 0           # the next line
        self.skipping = False # others may come before it
        self.came = []        # before the first that does not fit
        self.wrong = []       # that one, and what came behind it
        for number, line in numbered:
            try:
                re.compile(line[2:] if line.startswith("~ ") else "")
            except re.error as error:
                raise SystemExit(f"{name}: line {number} is no regular "
                                 f"expression: {error}") from error
        self.pass_any()

    def pass_any(self):
        while self.wanted[self.at:self.at + 1] == [ANY]:
            self.skipping = True
            self.at += 1

    def is_complete(self):
        return self.at == len(self.wanted)

    def take(self, line):
        """The next line of the transcript."""
        if self.wrong:
            self.wrong.append(line)
        elif not self.is_complete() and fits(self.wanted[self.at], line):
            self.came.append(line)
            self.at += 1
            self.skipping = False
            self.pass_any()
        elif self.skipping:
            self.came.append(line)
        else:
            self.wrong.append(line)
            raise Different

    def hold(self, typist):
        """Types what is to be typed; ends when all has come, and either the
        machine has ended or nothing more comes."""
        while not self.is_complete():
            text = typed(self.wanted[self.at])
            if text is not None:
                awaited = self.at
                typist.line(text)
                typist.until(lambda: self.at > awaited, "its echo")
            else:
                typist.until(lambda: self.is_complete() or typed(
                    self.wanted[self.at]) is not None, "what is expected")
        typist.until_ready(attention=True, quiet=dialogue.LAST_QUIET,
                           flood=math.inf)

    def difference(self, ending):
        """In lines; `ending` says why no more came."""
        end = next((number for number in range(self.at, len(self.wanted))
                    if typed(self.wanted[number]) is not None
                    and number > self.at), len(self.wanted))
        missing = self.wanted[self.at:end]
        came = self.wrong[:SHOWN] or [f"({ending})"]
        behind = []
        while missing and came and fits(missing[-1], came[-1]):
            missing.pop()
            behind.insert(0, came.pop())
        where = f"line {self.numbers[self.at]}" if not self.is_complete() \
            else "the end"
        return [f"{self.name}: it differs from {where} on; - is expected, "
                "+ has come:"] + \
            [f"  {line}" for line in self.came[-CONTEXT:]] + \
            [f"- {line}" for line in missing] + \
            [f"+ {line}" for line in came] + \
            [f"  {line}" for line in behind]


def hold(computer, expectation, deadline, show=print):
    """Types and compares; the exit status for the shell: 0, all has come.  A
    machine that has not ended by then need not."""
    def complain(what):
        print(what, file=sys.stderr)

    def take(line):
        show(line)
        expectation.take(line)

    def differs(ending):
        complain("\n".join(expectation.difference(ending)))
        return 1

    typist = dialogue.Typist(computer, take)
    try:
        expectation.hold(typist)
        return 0
    except TimeoutError:
        return differs(typist.gave_up(deadline))
    except Different:
        try:
            typist.until_quiet(dialogue.QUIET)
        except (dialogue.Ended, TimeoutError):
            pass
        return differs("")
    except dialogue.Ended:
        if not expectation.is_complete():
            return differs(typist.panic or "the machine has ended")
    return dialogue.end_of(
        computer, typist, lambda what: complain(f"{expectation.name}: {what}"))
