"""Function and line behind a reported pc, when the program's file is at hand:

    crash broke: illegal instruction 0x0 at pc 0x8040005e  (main, crash.c:12)

A parent reports that; what programs print gets nothing added.  Which program a
process runs is learned from the commands in the transcript.  If it was made in
another way, it may be the one of its name; in both cases nothing is added
unless the instruction there can break so.
"""
import functools
import os
import re
import shlex
import subprocess

import cross
import dialogue
import machine

FROM = re.compile(r"from (\S+)")
COMMANDS = re.compile(rf"({dialogue.PROMPT.pattern})(.*)")
REPORT = re.compile(r"([a-z][a-z0-9_-]*) broke: (.*) at pc (0x[0-9a-f]+)")
ADDED = re.compile(r"(?<= at pc )(0x[0-9a-f]+)  \([^()]*\)")
FOLDED = " " * 4 # begins the second line of a report that is folded
ROOT = "s"
DIGITS = "0123456789abcdef"
LOADS, STORES = r"f?l[bhwdr].*|amo.*", r"f?s[bhwdc].*|amo.*"
# What is reported, and the instruction that can break so.
CAUSES = (
    (r"page fault: .* in general copy", "ecall"),
    (r"page fault: load .*", LOADS),
    (r"page fault: store .*", STORES),
    (r"call .*", "ecall"),
    (r"breakpoint", "ebreak"),
    (r"misaligned .*|the machine has nothing .*", f"{LOADS}|{STORES}"),
)
SHOWN_AT = re.compile(
    r"(?P<function>\S+)\(\):\n(?:.*/)?(?P<line>[^/\n]+:[0-9]+).*\n"
    r"(?P<callers>(?:inlined by .*\n)*)"
    r" +[0-9a-f]+:\t(?P<word>[0-9a-f]+) *\t(?P<name>[a-z0-9.]+)")
CALLER = re.compile(r"inlined by (?:.*/)?([^/\n]+:[0-9]+).* \((\S+)\)")
OF_LIBRARY = "kerne_"
BEHIND = len(", where it has no page for that") # or less stands behind a pc
COLUMNS = 80 # of a terminal that does not say how many


def without(line):
    """As the machine has said it."""
    return ADDED.sub(r"\1", line)


@functools.lru_cache(None)
def look_up(path, pc):
    """What stands there in a program, as a match; None: nothing is known."""
    try:
        shown = subprocess.run(
            [cross.DISASSEMBLER, "-d", "-l", "--inlines",
             f"--start-address={pc}",
             f"--stop-address={int(pc, 16) + 4}", path], text=True,
            capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return SHOWN_AT.search(shown)


def where(found):
    """Function and line of the innermost that is not the library's, inlined
    there; or of the outermost."""
    frames = [(found["line"], found["function"]),
              *CALLER.findall(found["callers"])]
    line, function = next((frame for frame in frames if
                           not frame[1].startswith(OF_LIBRARY)), frames[-1])
    return f"({function}, {line})"


@functools.lru_cache(None)
def reports(path):
    """Whether a program reports breaks: by parents/lib, as every parent."""
    with open(path, "rb") as file:
        return b"\0break_words\0" in file.read()


def can_cause(cause, found):
    illegal = re.fullmatch(r"illegal instruction (0x[0-9a-f]+)", cause)
    if illegal:
        return int(illegal[1], 16) == int(found["word"], 16)
    return any(re.fullmatch(words, cause) and
               re.fullmatch(name, found["name"])
               for words, name in CAUSES)


class Places:
    def __init__(self, build, own):
        """`own`: the names of the programs that --with has compiled."""
        self.build = build
        self.own = own
        self.speaker = ROOT
        self.programs = {} # (system, process): its program
        self.report = ""   # that the last line ended, or left off in

    def file_of(self, program):
        folders = ["with"] * (program in self.own) + \
            ["parents", "children", "tests"]
        paths = [os.path.join(self.build, folder, program + ".elf")
                 for folder in folders]
        return next(filter(os.path.isfile, paths), None)

    def is_parent(self, process):
        """As far as is known."""
        program = self.programs.get((ROOT, process), process)
        path = self.file_of(program)
        return path is None or reports(path)

    def learn(self, line):
        """From a line that is finished."""
        speaker = FROM.fullmatch(line)
        commands = COMMANDS.fullmatch(line)
        if line.startswith(FOLDED) and self.report:
            self.report += line[len(FOLDED) - 1:]
        else:
            self.report = line if " broke: " in line else ""
        if speaker:
            self.speaker = speaker[1]
        if commands:
            _, _, system = commands[1][:-len("> ")].partition("/")
            self.learn_commands(system or ROOT, commands[2])

    def learn_commands(self, system, text):
        try:
            words = shlex.split(text)
        except ValueError: # a quotation without an end
            return
        process = None
        for word, value in zip(words, words[1:]):
            if word == "new":
                process = value
                self.programs[system, process] = value
            elif word == "prog" and process:
                self.programs[system, process] = (value.split() or [""])[0]

    def behind(self, text):
        """What is to be added behind `text`, the line so far; or nothing."""
        if text.startswith(FOLDED):
            text = self.report + text[len(FOLDED) - 1:]
        report = REPORT.fullmatch(text)
        if not report or not self.is_parent(self.speaker.split("/")[-1]):
            return ""
        process, cause, pc = report.groups()
        path = self.file_of(
            self.programs.get((self.speaker, process), process))
        found = path and look_up(path, pc)
        if not found or not can_cause(cause, found):
            return ""
        return "  " + where(found)

    def added(self, line):
        """A line that is finished, with what is added."""
        pc = re.search(r" at pc 0x[0-9a-f]+", line)
        more = self.behind(line[:pc.end()]) if pc else ""
        self.learn(line)
        return line[:pc.end()] + more + line[pc.end():] if more else line


class Stream:
    """The same for a terminal, to which lines come in pieces."""

    def __init__(self, places):
        self.places = places
        self.screen = machine.Screen()
        self.columns = COLUMNS
        self.last = ""

    def folded(self, row):
        """What is added behind a row: on one of its own, if the two are longer
        than the window; nothing, if that one is, too."""
        more = self.places.behind(row)
        if len(row + more) + BEHIND <= self.columns:
            return more
        more = FOLDED + more.strip()
        return "\r\n" + more if more.strip() and \
            len(more) + BEHIND <= self.columns else ""

    def feed(self, data):
        text = data.decode("latin-1") # a letter for each byte
        watched = self.screen.line() + text
        pieces = text if " at pc " in watched or " broke" in watched \
            else [text]
        said = ""
        for piece in pieces:
            if self.last in DIGITS and piece[:1] not in DIGITS:
                said += self.folded(self.screen.line())
            self.last = piece[-1:]
            for line in self.screen.feed(piece):
                self.places.learn(line)
            said += piece
        return said.encode("latin-1")
