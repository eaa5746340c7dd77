#!/usr/bin/python3
"""Tests of other suites pass on the machine of view/machine, too: some boots,
and a dialogue.  Its README tells which of all do."""
import os
import sys

import view

os.environ.update(view.IN_ITS_PLACE) # before suites is asked for commands
import suites  # noqa: E402 (found by way of view)
import tap  # noqa: E402

SOME = ["system.message", "system.control", "system.break", "system.pseudo",
        "system.storage", "system.external", "tree.fault_climbs",
        "tree.registers", "hostile.touches", "dialogue.checkio"]


def main():
    writer = tap.Writer()
    tests = [test for test in suites.all_tests(view.BUILD)
             if test.is_among(SOME)]
    writer.point(len(tests) == len(SOME), "others.are_all_there",
                 [f"of {', '.join(SOME)}: {len(tests)}"])
    for test in tests:
        outcome = test.run()
        wrong = [name for name, verdict, _ in outcome.points
                 if verdict == "failed"] + outcome.faults
        writer.point(outcome.points and not wrong,
                     f"others.{test.suite}.{test.name}",
                     wrong + (outcome.output[-20:] if wrong else []))
    writer.end()


if __name__ == "__main__":
    main()
