#!/usr/bin/python3
"""Files that are typed: how they end, and what --expect says of them."""
import os
import tempfile

import script

import tap

TALK = """\
new echo run
new talk run
to talk
one
"""
EXPECT_TALK = """\
# What comes before the first prompt is not looked at.
~~
> new echo run new talk run
ready
from talk
Each line goes to echo; an empty one ends this.
to talk
s/talk> one
echo answers: one
s/talk>
console: talk is gone; lines go to s
from s
talk finished, status 0
"""
# name: option, text of the file, exit status, what is said (in its order)
FILES = {
    "empty_line_ends_talk": (
        "--dialogue", TALK + "\nwait finished\nto s\nhalt\n", 0,
        ["s/talk> one", "echo answers: one", "s/talk>\n", "talk finished"]),
    "end_of_input": (
        "--dialogue", TALK + "^D\nwait finished\nto s\n^D\nlist\nhalt\n", 0,
        ["echo answers: one", "s/talk> ^D\n", "talk finished", "> ^D\n",
         "> list\n"]),
    "end_of_input.kept": ( # which nobody asks for yet
        "--dialogue", "new echo run\nnew talk create load\nto talk\none\n"
        "to talk\n^D\nto s\nstart\nwait finished\nhalt\n", 0,
        ["s/talk> one", "s/talk> ^D\n", "> start\n", "echo answers: one",
         "talk finished"]),
    "expect.end_of_input": (
        "--expect", EXPECT_TALK.replace("s/talk>\n", "s/talk> ^D\n"), 0,
        ["s/talk> ^D"]),
    "end.without_halt": (
        "--dialogue", "new hello run\n", 1,
        ["still running; end it with `halt`"]),
    "end.in_a_program": (
        "--dialogue", TALK, 1,
        ["still running; end it with `to s` and `halt`: lines go to s/talk\n"]),
    "end.in_a_program_that_does_not_ask": (
        "--dialogue", "new primes prog \"primes 100000000\" run\n"
        "to primes\n2\n", 1, ["still running; end it with"]),
    "end.lines_are_left": (
        "--dialogue", "halt\n\nlist\nmax\n", 0,
        ["the machine has ended, and `list` was not reached, nor what"]),
    "end.a_wait_is_left": (
        "--dialogue", "halt\nwait ready\n", 0,
        ["ended, and `wait ready` was not reached\n"]),
    "end.nothing_typed": ("--dialogue", "# nothing\n", 1,
                          ["still running; end it with `halt`"]),
    "expect.all_comes": ("--expect", EXPECT_TALK, 0, ["talk finished"]),
    "expect.no_place": ( # which ./run adds, and it may be in the file
        "--expect", "~~\n> new crash prog \"crash illegal\" run\nready\n"
        "crash broke: illegal instruction 0xffffffff at pc 0x80400022  (i, c:1)"
        "\n~~\n", 0, ["  (illegal, crash.c:"]),
    "expect.to_the_end": (
        "--expect", "~~\n> halt\ns switches the machine off\n", 0, []),
    "expect.expression": (
        "--expect", "~~\n> date\n~ [0-9]{4}-.*Z\n", 0, []),
    "expect.marked_as_utf_8": ( # as editors of other systems do
        "--expect", "\ufeff~~\n> halt\ns switches the machine off\n", 0, []),
    "never_comes.long": (
        "--dialogue", f"wait {'y' * 300}\n", 1,
        [f"waiting for `{'y' * 60}...`; the line at the cursor was `> `"]),
    "expect.another_line": (
        "--expect", EXPECT_TALK.replace("answers: one", "answers: two"), 1,
        [": it differs from line 9 on; - is expected, + has come:\n",
         "  to talk\n", "  s/talk> one\n", "- echo answers: two\n",
         "+ echo answers: one\n"]),
    "expect.a_line_less": (
        "--expect", EXPECT_TALK.replace("ready\n", ""), 1,
        ["from line 4 on", "  > new echo run new talk run\n", "+ ready\n"]),
    "expect.never_comes": (
        "--expect", "~~\n> new hello run\n~~\nGood bye.\n", 1,
        ["from line 4 on", "- Good bye.\n", "+ (stopped after 5.0 s"]),
    "expect.more_than_that": (
        "--expect", "~~\n> halt\n", 1,
        ["from the end on", "  > halt\n", "+ s switches the machine off\n"]),
    "expect.machine_has_ended": (
        "--expect", "~~\n> halt\n~~\nready\n", 1,
        ["from line 4 on", "- ready\n", "+ (the machine has ended)\n"]),
    "expect.no_expression": (
        "--expect", "~~\n> halt\n~ (\n", 1,
        ["line 3 is no regular expression"]),
}


def follow(said, parts):
    """Whether all parts are there, in this order."""
    at = 0
    for part in parts:
        at = said.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


def hold(writer, name, folder, option, text, status, parts):
    path = os.path.join(folder, "lines.txt")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    ended = script.run("--deadline", "5", option, path)
    writer.point(ended.status == status and
                 follow(ended.out + ended.err, parts),
                 f"transcripts.{name}",
                 [f"wanted status {status} and, in this order: {parts}",
                  *ended.why()])


CHATTER = """\
#include <stdio.h>
int main(void) { for (;;) { printf("again\\n"); } }
"""
SILENCES = ("new chatter run\nto s\nlist short\nproc chatter remove\n"
            "wait ready\nhalt\n")


def one_never_pauses(writer, folder):
    """No prompt comes: lines are typed all the same, from a file and a pipe."""
    path = os.path.join(folder, "chatter.c")
    with open(path, "w", encoding="utf-8") as file:
        file.write(CHATTER)
    words = ("--deadline", "20", "--with", path)
    dialogue = os.path.join(folder, "silences.txt")
    with open(dialogue, "w", encoding="utf-8") as file:
        file.write(SILENCES)
    for name, ended in (
            ("file", script.run(*words, "--dialogue", dialogue)),
            ("pipe", script.run(*words, typed=SILENCES))):
        said = [line for line in ended.out.splitlines() if line != "again"]
        writer.point(ended.status == 0 and follow(ended.out, [
            "again\n", "to s\n", "> list short\n", "  chatter",
            "> proc chatter remove\n", "> halt\n"]),
            f"transcripts.one_never_pauses.{name}", said + [ended.err])


def left_in_a_pipe(writer):
    ended = script.run(typed="halt\nlist\n")
    writer.point(ended.status == 0 and "`list` was not reached\n" in ended.err,
                 "transcripts.end.lines_are_left_in_a_pipe", ended.why())
    ended = script.run(typed="halt\n\n")
    writer.point(ended.status == 0 and "reached" not in ended.err,
                 "transcripts.end.nothing_is_left", ended.why())


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory() as folder:
        for name, (option, text, status, parts) in FILES.items():
            hold(writer, name, folder, option, text, status, parts)
        one_never_pauses(writer, folder)
    left_in_a_pipe(writer)
    writer.end()


if __name__ == "__main__":
    main()
