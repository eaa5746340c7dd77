#!/usr/bin/python3
"""The crash keeper: pauses by the clock, files that are no programs, a ward
that floods it, what passes its door, and accounts after a thousand restarts.

The machine's time is its count of instructions, so a pause has its length to
the millisecond; `date` of an s without a clock of its own tells the time.
"""
import os
import re
import tempfile

import operated
from operated import BUILD, KERNEL

import image  # found by way of operated
import machine
import tap

DEADLINE = 900 # seconds, of the machine
PROGRAMS = ("parents/s", "children/console", "parents/keeper",
            "children/crash", "children/fragile", "tests/caller", "tests/pest")
BAD_FILES = { # name: contents, and how they are refused
    "notes": (b"I am a text.\n", "is no program"),
    "nothing": (b"", "is no program"),
    "cut": (None, "is cut short, or damaged"),
}


class Operator(operated.Operator):
    def seconds(self):
        """The time, from the s in which the keeper is."""
        said = self.says("to s2", "date", "to s2/keeper")
        found = re.search(r"(\d+\.\d{3}) seconds after", "\n".join(said))
        return float(found.group(1))


def make_image(folder):
    paths = [os.path.join(BUILD, f"{name}.elf") for name in PROGRAMS]
    with open(paths[-1], "rb") as file:
        whole = file.read()
    for name, (data, _) in BAD_FILES.items():
        paths.append(os.path.join(folder, name))
        with open(paths[-1], "wb") as file:
            file.write(whole[:1000] if data is None else data)
    made = os.path.join(folder, "made.tar")
    image.make_image(made, paths, None, image.usual_loader())
    return made


def bad_files(writer, operator):
    for name, (_, words) in BAD_FILES.items():
        said = operator.says(f"keep x at once run {name}", "list")
        writer.point(any(words in line for line in said) and
                     "so x is not kept" in said and
                     not any(re.match("x ", line) for line in said),
                     f"keeper.refuses_file.{name}", said)


def without_storage(writer, operator):
    """It has a page, and is told what it needs."""
    said = operator.says("keep x at once size 0 run crash")
    writer.point(any("program too big: crash needs" in line for line in said),
                 "keeper.size_0.is_told_what_it_needs", said)


def too_many_words(writer, operator):
    """What the library understands of a line is done, and the rest is named."""
    said = operator.says("registers nobody more")
    writer.point(any("`more` is not understood there" in line for line in said),
                 "keeper.too_many_words", said)


def without_buffer(writer, operator):
    """Who cannot pause, as the keeper has no buffer for it, is dead."""
    wards = ", ".join(f"keep {name} after 1 min buf 0 run crash illegal"
                      for name in "abcd")
    operator.says("to s2", "new narrow size 2M internal 10 buf 3 image "
                  f'prog "keeper {wards}" run', "to s2/narrow")
    said = operator.says("list")
    states = [line.split()[1] for line in said if re.match("[a-d]  ", line)]
    writer.point(sorted(states) == ["dead", "dead", "pauses", "pauses"],
                 "keeper.without_buffer.is_dead", said)
    operator.says("to s2", "proc narrow remove", "to s2/keeper")


def flood(writer, operator):
    """A ward that asks for everything, and breaks, is started anew."""
    said = operator.says("keep pest at most 3 in 1 min quietly run pest",
                         "wait pest stays dead", "list", "forget pest")
    writer.point(said.count("pest: 0 unanswered") == 4 and
                 any(re.match(r"pest +dead +4 ", line) for line in said),
                 "keeper.flood.is_answered_and_outlived", said)


def strewn(writer, operator, how):
    """Wards that break while others have all their messages cost nothing."""
    first = operator.says("list")[-1]
    said = operator.says(
        f"keep other never run pest {how}",
        "keep pest at most 100 in 1 min quietly run pest strews other",
        "wait pest stays dead", "list", "forget pest", "forget other")
    last = operator.says("list")[-1]
    writer.point(any(re.match(r"pest +dead +101 ", line) for line in said) and
                 first == last, f"keeper.dead_senders.{how}",
                 [f"before {first}", f"after  {last}"] + said)


def a_thousand_times(writer, operator):
    """Nothing is lost of what the keeper has, not a page, not a buffer."""
    first = operator.says("list")[-1]
    said = operator.says(
        "keep crash at most 1000 in 60 min with storage quietly "
        "run crash illegal", "wait crash stays dead", "list", "forget crash")
    last = operator.says("list")[-1]
    writer.point(any(re.match("crash +dead +1001 ", line) for line in said) and
                 first == last, "keeper.thousand_restarts.lose_nothing",
                 [f"before {first}", f"after  {last}"] + said)


def calls(operator, keeper, count, words):
    """What a process beside the keeper is answered that sends so many messages
    to its door, all before the keeper runs again."""
    said = operator.says(
        "to s2", f"proc {keeper} stop",
        f'new caller buf {count + 8} prog "caller echo {count} {words}" run',
        f"proc {keeper} start", "wait caller finished")
    found = re.search(r"answers 1 to 5: ([\d ]+)", "\n".join(said))
    return [int(number) for number in found.group(1).split()], said


def door(writer, operator):
    """Whoever calls from outside is answered, whatever becomes of the ward."""
    operator.says("keep echo at once quietly run fragile", "to s2",
                  "proc keeper present echo")
    answers, said = calls(operator, "keeper", 3, "one")
    writer.point(answers == [0, 0, 3, 0, 0], "keeper.no_door.is_no_operation",
                 said)
    operator.says("to s2/keeper", "door echo")
    answers, said = calls(operator, "keeper", 10, "one break more")
    writer.point(answers == [1, 0, 0, 0, 9],
                 "keeper.door.a_ward_dies_with_calls_in_hand", said)
    answers, said = calls(operator, "keeper", 10, "one")
    writer.point(answers == [10, 0, 0, 0, 0],
                 "keeper.door.the_next_one_answers", said)
    operator.says("to s2/keeper", "forget echo")
    answers, said = calls(operator, "keeper", 3, "one")
    writer.point(answers == [0, 0, 3, 0, 0], "keeper.door.is_forgotten", said)
    operator.says("to s2", "proc keeper present echo", "to s2/keeper")


def narrow_door(writer, operator):
    """It keeps the buffers with which it speaks and listens."""
    operator.says("to s2", "new narrow size 2M internal 4 buf 20 image "
                  'prog "keeper keep echo at once run fragile, door echo" run',
                  "wait help", "proc narrow present echo")
    answers, said = calls(operator, "narrow", 20, "one")
    writer.point(answers[0] > 0 and answers[1] > 0 and
                 answers[0] + answers[1] == 20,
                 "keeper.narrow_door.rejects", said)
    said = operator.says("to s2/narrow", "list")
    writer.point(any(line.startswith("echo  ") for line in said),
                 "keeper.narrow_door.hears_and_speaks", said)
    operator.says("to s2", "proc narrow remove", "to s2/keeper")


def takes(writer, operator, rule, least, most, name):
    """How long a program that always breaks is kept alive."""
    first = operator.seconds()
    said = operator.says(f"keep crash {rule} run crash illegal",
                         "wait crash stays dead")
    time = operator.seconds() - first
    writer.point(least <= time <= most, f"keeper.pause.{name}",
                 [f"{time:.3f} s, expected {least} to {most}"] + said)
    operator.says("forget crash")


def window_begins_anew(writer, operator):
    """Two in a second, but never three: it is started anew for ever."""
    said = operator.says(
        "keep often after 600 ms at most 2 in 1 s quietly run crash illegal",
        "keep crash after 6 s run crash illegal", "wait crash is started anew",
        "list")
    row = [line.split() for line in said if line.startswith("often ")]
    writer.point(len(row) == 1 and row[0][1] in ("pauses", "runs") and
                 9 <= int(row[0][2]) <= 11,
                 "keeper.at_most.counts_anew_after_its_time", said)
    said = operator.says("forget often", "forget crash", "list")
    writer.point(not any("stays dead" in line for line in said),
                 "keeper.forget.regrets_the_pause", said)


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        words = machine.command(KERNEL, make_image(folder),
                                icount=machine.EXACT)
        with machine.Machine(words, DEADLINE) as computer:
            operator = Operator(computer)
            operator.says(
                "new s2 size 16M internal 100 buf 300 image prog s run",
                "wait To begin", "to s2",
                "new keeper size 8M internal 40 buf 200 image prog keeper run",
                "wait help", "to s2/keeper")
            before = operator.says("list")[-1]
            bad_files(writer, operator)
            without_storage(writer, operator)
            too_many_words(writer, operator)
            without_buffer(writer, operator)
            flood(writer, operator)
            strewn(writer, operator, "deaf")
            strewn(writer, operator, "hoards")
            a_thousand_times(writer, operator)
            door(writer, operator)
            narrow_door(writer, operator)
            takes(writer, operator, "after 1 s growing at most 3 in 1 min",
                  7, 7.5, "grows")
            takes(writer, operator, "after 1 s at most 3 in 1 min", 3, 3.5,
                  "without_growing_stays")
            takes(writer, operator, "at most 3 in 1 min", 0, 0.5, "none")
            window_begins_anew(writer, operator)
            after = operator.says("list")[-1]
            writer.point(before == after and before.startswith("free: "),
                         "keeper.accounts_are_as_before",
                         [f"before {before}", f"after  {after}"])
    writer.end()


if __name__ == "__main__":
    main()
