#!/usr/bin/python3
"""Behind a pc that a parent reports, ./run says function and line: in the
transcript of a file, of a pipe, and on a terminal; and not where it would be
wrong."""
import os
import re
import tempfile

import script
from person import Person # found by way of script

import places # the same
import tap

# The line that breaks is the 4th.  Of an address that it knows, a compiler
# would warn.
MINE = """\
int main(void)
{
    int *volatile nowhere = (int *)16;
    *nowhere = 1;
    return 0;
}
"""
LINES = ["new m prog mine run", "wait stays",
         "new crash prog \"crash illegal\" run", "wait proc crash",
         # called as one program, it runs another
         "new echo prog \"crash load\" run", "wait proc echo",
         "new c prog \"crash call\" run", "wait proc c", "halt"]
WANTED = {
    "m": r"m broke: page fault: store to 0x10 at pc 0x[0-9a-f]+ +"
         r"\(main, mine\.c:4\), where it has no page for that",
    "crash": r"crash broke: illegal instruction 0xffffffff at pc 0x[0-9a-f]+ +"
             r"\(illegal, crash\.c:[0-9]+\)",
    "echo": r"echo broke: page fault: load from 0x1000 at pc 0x[0-9a-f]+ +"
            r"\(load, crash\.c:[0-9]+\), where it has no page for that",
    # made by the library's kerne_call(), inlined there
    "c": r"c broke: call 254 \(function\) at pc 0x[0-9a-f]+ +"
         r"\(call, crash\.c:[0-9]+\) is not in its function mask"}
ILLEGAL = "crash broke: illegal instruction 0xffffffff at pc "
ADDED = "  (illegal, crash.c:"


def plain(said):
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]|\r", "", said)


def report_of(said, name):
    """That it broke, in one line, without escapes."""
    said = re.sub(r"\n {4}", " ", plain(said))
    found = re.search(rf"^{name} broke: .*$", said, re.MULTILINE)
    return found[0] if found else "nothing"


def transcript(writer, way, said):
    for name, wanted in WANTED.items():
        report = report_of(said, name)
        writer.point(re.fullmatch(wanted, report) is not None,
                     f"places.{way}.{name}", [report])


def at_terminal(*options):
    """Who types has a slip of the finger in each line."""
    person = Person(*options)
    for line, answer in zip(LINES[0::2], LINES[1::2] + ["wait off"]):
        person.hears_text(answer[len("wait "):].encode(),
                          b"x\x7f" + line.encode() + b"\r")
    person.status()
    return person.said.decode("utf-8", "replace")


def doubtful(writer, pc):
    """Lines, and what the last of them becomes."""
    folded = ILLEGAL.replace(" at pc ", "")
    for name, lines, added in (
            ("by_name", ["from keeper", ILLEGAL + pc], ADDED),
            ("folded", ["from s", folded, "    at pc " + pc], ADDED),
            ("of_a_program", ["> new liar prog crash run", "from liar",
                              ILLEGAL + pc], ""),
            ("of_another_program", ["> new crash prog echo run", "from s",
                                    ILLEGAL + pc], ""),
            ("of_another_system", ["s/s2> new crash prog echo run", "from s",
                                   ILLEGAL + pc], ADDED),
            ("another_cause", ["from s", "crash broke: page fault: load from "
                               "0x0 at pc " + pc], ""),
            ("unknown_program", ["from s", "nobody broke: breakpoint at pc "
                                 + pc], ""),
            ("unknown_place", ["from s", "crash broke: breakpoint at pc 0x8"],
             "")):
        known = places.Places(script.BUILD, [])
        for line in lines:
            came = known.added(line)
        more = came[len(lines[-1]):]
        writer.point(more.startswith(added) and bool(more) == bool(added) and
                     places.without(came) == lines[-1],
                     f"places.{name}", [came])


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "mine.c")
        typed = os.path.join(folder, "typed")
        lines = "\n".join(LINES) + "\n"
        for path, text in ((source, MINE), (typed, lines)):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        said = script.run("--with", source, "--dialogue", typed).out
        transcript(writer, "file", said)
        transcript(writer, "pipe",
                   script.run("--with", source, typed=lines).out)
        at_one = at_terminal("--with", source)
        transcript(writer, "terminal", at_one)
        rows = [row for row in plain(at_one).splitlines() if ".c:" in row]
        writer.point(len(rows) == len(WANTED) and
                     all(len(row) <= 80 for row in rows),
                     "places.terminal.no_row_is_longer", rows)
    pc = re.search(r"0x[0-9a-f]+  ", report_of(said, "crash"))
    doubtful(writer, pc[0].strip() if pc else "0x80400000")
    writer.end()


if __name__ == "__main__":
    main()
