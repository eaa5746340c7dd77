"""Where every instruction of a figure goes.

    python3 tests/bench/listing.py FIGURE            parts, and source lines
    python3 tests/bench/listing.py --every FIGURE    each instruction

FIGURE is one that tests/bench/bench.c takes by figure_measure(), such
as `conversation.converse_serve`.  Nothing is added to what is measured: QEMU
writes a line for each instruction, and the debug information says from where
it is.  A round is what lies between two instructions `rdinstret`, the first
included: that is what measuring adds.  The shortest round is taken, as for the
figure.
"""
import functools
import os
import re
import sys
import tempfile

import boot
import origin

ROUND_AT = "rdinstret"
CALL = "ecall"
TRAPS = (CALL, "ebreak")
NUCLEUS = 1 << 63 # its addresses begin here
KINDS = {"sd": "stores", "ld": "loads", "fsd": "stores", "fld": "loads",
         "li": "constants"} # in assembly
WIDTH = 78


class Step:
    """One instruction: `part` is the function that it is counted to, which
    stands in `file`; `source` is the line of that function."""

    def __init__(self, program, address, lines):
        self.address = address
        self.text = program.text[address]
        self.symbol = program.symbol[address].split(".")[0]
        self.in_nucleus = address >= NUCLEUS
        word = self.text.split()[0]
        # As far in as the .c files go, and one function of a header.
        for name, file, line in program.frames(address):
            if not file.endswith(".c"):
                break
        self.function = name
        self.file = os.path.relpath(file, boot.HERE)
        self.line = line
        if file not in lines:
            with open(file, encoding="utf-8") as source:
                lines[file] = source.read().split("\n")
        source = lines[file][line - 1].split("/*")[0]
        self.source = " ".join(source.split()).rstrip("\\ ")
        self.part = self.function
        if file.endswith(".S"):
            self.function = self.symbol
            self.part = f"{self.symbol}, {KINDS.get(word, 'the rest')}"


@functools.lru_cache(None)
def elf_files():
    """The nucleus, and the program that measures; its boot image."""
    tests = os.path.join(boot.BUILD, "tests", "bench.bench")
    return (origin.Program(boot.KERNEL), origin.Program(tests + ".elf"),
            tests + ".tar")


def rounds(log, program, entry):
    """Of each round the addresses that were executed.  A program's
    instruction that traps, and is no call, was begun only: for want of a
    page."""
    addresses = None
    with open(log, encoding="ascii", errors="replace") as file:
        for line in file:
            if not line.startswith("Trace "):
                continue
            address = int(line.split("/", 2)[1], 16)
            if address == entry and addresses and \
                    program.text.get(addresses[-1], CALL) not in TRAPS:
                addresses.pop()
            if program.text.get(address, "").startswith(ROUND_AT):
                if addresses:
                    yield addresses
                addresses = [] if addresses is None else None
            if addresses is not None:
                addresses.append(address)


def steps_of(figure):
    """The steps of the shortest round."""
    nucleus, program, image = elf_files()
    with open(os.path.join(boot.HERE, "tests", "bench", "figures.def"),
              encoding="utf-8") as file:
        function = re.search(rf'FIGURE\((\w+), "{figure}", ', file.read())
    if function is None:
        sys.exit(f"tests/bench/figures.def does not have {figure}")
    with tempfile.TemporaryDirectory(dir=boot.BUILD) as folder:
        log = os.path.join(folder, "trace.log")
        said = boot.trace(log, image,
                          program.address["run_" + function.group(1)],
                          program.address["tap_print"]) # it is printed
        found = list(rounds(log, program, nucleus.address["trap_entry"])) \
            if os.path.exists(log) else []
    if not found:
        sys.exit(f"no round of {figure} was seen:\n{said}")
    # There may be others before: from elsewhere in the program.
    shortest = min((addresses for addresses in reversed(found)
                    if addresses[0] == found[-1][0]), key=len)
    lines = {}
    return [Step(nucleus if address >= NUCLEUS else program, address, lines)
            for address in shortest]


def sections(steps):
    """[title, steps] for each stretch in the nucleus, and between two."""
    result, traps = [], 0
    for step in steps:
        if not result or result[-1][1][-1].in_nucleus != step.in_nucleus:
            traps += step.in_nucleus
            result.append([f"trap {traps}" if step.in_nucleus else
                           "user mode", []])
        result[-1][1].append(step)
    return result


def counted(steps, key):
    """key -> how many, in order of the first."""
    counts = {}
    for step in steps:
        counts[key(step)] = counts.get(key(step), 0) + 1
    return counts


def parts(steps):
    """The table of parts: a column for each trap, one for the sum."""
    traps = [body for _, body in sections(steps) if body[0].in_nucleus]
    within = [step for step in steps if step.in_nucleus]
    outside = [step for step in steps if not step.in_nucleus and
               not step.text.startswith(ROUND_AT)]

    def row(name, values):
        return f"{name:36}" + "".join(f"{value or '':>8}" for value in values)

    def rows(key, before=""):
        columns = [counted(trap, key) for trap in traps]
        for name, total in counted(within, key).items():
            yield row(before + name,
                      [column.get(name, 0) for column in columns] + [total])

    yield row("", [f"trap {k + 1}" for k in range(len(traps))] + ["sum"])
    yield from rows(lambda step: step.part)
    yield row("in the nucleus", [*map(len, traps), len(within)])
    yield from rows(lambda step: step.file, "  of ")
    blank = [0] * len(traps)
    for part, total in counted(outside, lambda step: step.function).items():
        yield row(f"user mode, {part}()", blank + [total])
    yield row("measuring", blank + [len(steps) - len(within) - len(outside)])
    yield row("all", blank + [len(steps)])


def listing(steps):
    """Section by section, what each source line became."""
    for number, (title, body) in enumerate(sections(steps)):
        yield from [""] if number else []
        yield f"{title}: {len(body)}"
        heads = counted(body, lambda step: (step.function, step.file))
        for (function, file), total in heads.items():
            yield f"{total:5}  {function}, {file}"
            of = sorted((step.line, step.source) for step in body
                        if (step.function, step.file) == (function, file))
            for line in dict.fromkeys(of):
                yield f"{of.count(line):10}  {line[1]}"[:WIDTH].rstrip()


def every(steps):
    for title, body in sections(steps):
        yield f"{title}: {len(body)}"
        for step in body:
            text = step.text.expandtabs(8)
            yield (f"  {step.address & 0xffffffff:08x}  {text:32} "
                   f"{step.function}: {step.source}")


def main():
    words = [word for word in sys.argv[1:] if word != "--every"]
    if len(words) != 1:
        sys.exit(__doc__)
    steps = steps_of(words[0])
    print(*(every(steps) if "--every" in sys.argv else
            [*parts(steps), "", *listing(steps)]), sep="\n")


if __name__ == "__main__":
    main()
