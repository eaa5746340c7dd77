#!/usr/bin/python3
"""Any earlier moment of a session can be had again, soon and to the bit; and
what was recorded makes the same session in another machine."""
import os
import re
import subprocess
import sys
import tempfile

import view

STATE = re.compile(r"state ([0-9a-f]{16})")
UNTIL = ("--hash", "--until", "300000000")
TYPED = b"new primes prog \"primes 20000\" run\rlist\r"


def replayed(record):
    """What the same, recorded and replayed, leaves behind."""
    first = view.run(*UNTIL, "--record", record, typed=TYPED)
    again = view.run(*UNTIL, "-icount", "shift=0,sleep=off",
                     "--replay", record)
    with open(record, encoding="ascii") as file:
        text = file.read()
    states = [STATE.search(said[2]) for said in (first, again)]
    good = all(states) and states[0][1] == states[1][1] and \
        first[1] == again[1] and len(text.splitlines()) > 1
    return good, [*first[1:], *again[1:], text]


def main():
    ended = subprocess.run(
        [view.built("tests", "view", "travel"), view.KERNE, view.IMAGE],
        capture_output=True, text=True, check=False, timeout=300)
    lines = ended.stdout.splitlines()
    plan = [line for line in lines if line.startswith("1..")]
    points = int(plan[0][3:]) if plan else 0
    print("\n".join(line for line in lines if line not in plan))
    with tempfile.TemporaryDirectory() as folder:
        good, why = replayed(os.path.join(folder, "record"))
    print(f"{'ok' if good else 'not ok'} {points + 1} - "
          "travel.recorded_and_replayed")
    if not good:
        print("\n".join(f"# {line}" for text in why
                        for line in text.splitlines()))
    print(f"1..{points + 1}")
    sys.exit(ended.returncode or not good)


if __name__ == "__main__":
    main()
