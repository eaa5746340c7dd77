"""What disk_beside_linux.py and programs_beside_linux.py share: Debian's kernel
in the same QEMU, turns of both systems, and the table in a page of docs/.
"""
import datetime
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.append(os.path.join(HERE, "tests", "linux"))

import record  # noqa: E402 (found by the path above)

import cross  # noqa: E402 (found by way of record)

TURNS = 3
TABLE = re.compile(r"(?<=<!-- beside linux -->\n\n).*?(?=\n\n)", re.DOTALL)


def of_linux(first_file_system, arguments, words=()):
    """What Debian's kernel says with this first file system, these boot
    arguments, and these words more for QEMU."""
    done = subprocess.run(
        [*record.MACHINE, "-kernel", record.kernel(), "-initrd",
         first_file_system, "-append", f"console=ttyS0 quiet {arguments}",
         *words], stdin=subprocess.DEVNULL, capture_output=True,
        timeout=record.DEADLINE, check=False)
    return done.stdout.decode("utf-8", "replace")


def best_of(turn, line, ways):
    """The least figures of each system.  A turn gives what the systems said;
    the expression `line` finds there a way's name and its figure."""
    best = None
    for _ in range(TURNS):
        said = turn()
        best = best or tuple({} for _ in said)
        for of, text in zip(best, said):
            found = {name: int(figure) for name, figure in line.findall(text)}
            if set(found) != set(ways):
                sys.exit(f"{text[-2000:]}\nnot all were measured")
            for name, figure in found.items():
                of[name] = min(figure, of.get(name, figure))
    return best


def table(unit, rows, last=()):
    """The lines of a table: `rows` gives what is told first, a number of each
    system and their form, and what stands in the `last` columns."""
    heads = [f"{unit}, {datetime.date.today()}, Linux "
             f"{os.path.basename(record.kernel())}, {cross.qemu()}",
             "Kerne", "Linux", "ratio", *last]
    cells = [[told, format(ours, form), format(others, form),
              f"{ours / others:.2f}", *more]
             for told, (ours, others), form, *more in rows]
    lines = [f"| {' | '.join(line)} |" for line in (heads, *cells)]
    return "\n".join([lines[0], "|---" * len(heads) + "|", *lines[1:]])


def tell(text, page):
    """Prints the table; with --write it goes into docs/PAGE."""
    print(text)
    if sys.argv[1:] != ["--write"]:
        return
    path = os.path.join(HERE, "docs", page)
    with open(path, encoding="utf-8") as file:
        was = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(TABLE.sub(lambda _: text, was))
