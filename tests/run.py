#!/usr/bin/python3
"""Builds Kerne, if it is told to, runs its tests, and counts them.
See ./check --help.

A test is one of four things, and all speak TAP: a boot image whose root
speaks it on the serial console, a native program, a script, or a dialogue.
"""
import argparse
import concurrent.futures
import fnmatch
import os
import re
import resource
import sys
import time

import suites

import builder # found by way of suites
import manners

SHOWN = 30 # lines of the output of a test that failed

EPILOGUE = """\
examples:
  ./check                        everything but the suite bugs
  ./check quick                  in a minute: each suite without its long tests
  ./check unit system            two suites
  ./check system message         the test `message` of the suite system
  ./check system 'message.*'     the same; of its points, those that match
  ./check bench --scale          all figures and curves, to their ends
  ./check bugs                   plant each bug of tests/bugs/ in a copy of the
                                 tree, and see it found by the test it names
  ./check --list                 all suites and tests

Each failure is shown with the end of the output and the command that repeats
it; whole outputs are in build/check/.  The last line is the sum, and the exit
status is 0 exactly when nothing failed.
It builds where ./run does; KERNE_BUILD names another build folder, KERNE_CROSS
the cross tools, if they are called otherwise: KERNE_CROSS=riscv64-elf-
"""


def some(text):
    if not re.fullmatch("[1-9][0-9]{0,3}", text):
        raise argparse.ArgumentTypeError(
            f"`{text}` is not a number from 1 to 9999")
    return int(text)


def options():
    parser = argparse.ArgumentParser(
        prog="./check", description="Build Kerne and run its tests.",
        epilog=EPILOGUE, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", metavar="SUITE|TEST",
                        help="suites (" + ", ".join(suites.ORDER) + "), and "
                        "names of tests in them, * standing for anything; or "
                        "`quick`")
    parser.add_argument("--list", action="store_true",
                        help="list the tests, and run none")
    parser.add_argument("--verbose", action="store_true",
                        help="show each point, not only those that failed")
    # Many tests wait with their machines.
    parser.add_argument("--jobs", type=some, default=os.cpu_count() + 2,
                        metavar="N", help="tests at the same time (default: "
                        "as many as processors, and two)")
    parser.add_argument("--real-time", action="store_true",
                        help="let the machines' clocks follow the "
                        "computer's; else each run is the same")
    parser.add_argument("--scale", action="store_true",
                        help="let the suite bench go on, where storage is "
                        "the scale, from 16 MiB to 1 GiB: a minute or two "
                        "more; and the suite machines try each combination, "
                        "and a newer QEMU still: hours")
    parser.add_argument("--first", action="store_true",
                        help="end each test at its first point that fails")
    parser.add_argument("--boot", nargs=2, metavar=("BUILD", "TEST"),
                        help="one test, as `meson test` wants it: prints TAP")
    parser.add_argument("--build", action="store_true", help=argparse.SUPPRESS)
    with manners.standard_output():
        return parser.parse_args()


def asks_for(pattern, name):
    """Whether a pattern means this test, or points of it."""
    return fnmatch.fnmatchcase(name, pattern) or \
        pattern.startswith(name + ".")


def choose(tests, words):
    """The tests that the words mean, and the patterns among the words."""
    usual = [suite for suite in suites.ORDER if suite not in suites.ASKED_FOR]
    wanted = [word for word in words if word in suites.ORDER] or usual
    patterns = [word for word in words
                if word not in suites.ORDER and word != "quick"]
    chosen = [test for test in tests
              if test.is_of(wanted) and
              ("quick" not in words or test.is_quick()) and
              (not patterns or any(asks_for(p, test.name) for p in patterns))]
    for pattern in patterns:
        if not any(asks_for(pattern, test.name) for test in chosen):
            raise SystemExit(f"./check: no test is called `{pattern}`; "
                             "./check --list lists them")
    return chosen, patterns


def matching(points, name, patterns):
    """Of a test's points, those that the patterns ask for."""
    finer = [p for p in patterns if not fnmatch.fnmatchcase(name, p)]
    if not patterns or len(finer) < len(patterns):
        return points
    return [point for point in points
            if any(fnmatch.fnmatchcase(point[0], p) for p in finer)]


def what_failed(outcome):
    """The lines that matter: failed points and what they say; the end."""
    shown = []
    explains = False
    for line in outcome.output:
        if line.startswith("not ok"):
            explains = True
        elif not line.startswith("#"):
            explains = False
        if explains:
            shown.append(line)
    if len(shown) > SHOWN:
        shown = shown[:SHOWN] + [f"... {len(shown) - SHOWN} lines more"]
    if outcome.faults or not shown:
        shown += ["... and its end:"] if shown else []
        shown += outcome.output[-SHOWN:]
    return shown


class Sum:
    def __init__(self, verbose):
        self.verbose = verbose
        self.passed = self.failed = self.skipped = 0

    @manners.standard_output()
    def add(self, test, outcome, patterns):
        points = matching(outcome.points, test.name, patterns)
        kinds = [verdict for _, verdict, _ in points]
        failed = kinds.count("failed") + len(outcome.faults)
        self.passed += kinds.count("passed")
        self.skipped += kinds.count("skipped")
        self.failed += failed
        print(f"{test.suite:12} {test.name:32} "
              f"{kinds.count('passed'):4} passed"
              + (f", {kinds.count('skipped')} skipped"
                 if "skipped" in kinds else "")
              + (f", {failed} FAILED" if failed else "")
              + f"  ({outcome.seconds:.1f} s)")
        for name, verdict, remark in points:
            if verdict == "skipped":
                print(f"    skipped: {name}: {remark}")
            elif verdict == "failed" or self.verbose:
                print(f"    {verdict}: {name}")
        if failed:
            self.explain(test, outcome)
        sys.stdout.flush()

    @staticmethod
    def explain(test, outcome):
        for fault in outcome.faults:
            print(f"    failed: {fault}")
        for line in what_failed(outcome):
            print(f"    | {line}")
        print(f"    to repeat: ./check {test.suite} {test.name}")
        if test.by_hand():
            print(f"    by hand:   {test.by_hand()}")


def run_all(tests, jobs, take):
    """Runs tests, at most `jobs` at once; those that want to be alone, so."""
    pool = concurrent.futures.ThreadPoolExecutor(max_workers=jobs)
    running = {}

    def run(test, before):
        concurrent.futures.wait(before)
        return test.run()

    for test in sorted(tests, key=suites.Test.turn):
        if test.parallel:
            before = [future for future, other in running.items()
                      if other.is_of(test.wants)]
            running[pool.submit(run, test, before)] = test
    for done in concurrent.futures.as_completed(running):
        take(running[done], done.result())
    for test in tests:
        if not test.parallel:
            take(test, test.run())


def processor_time():
    """Seconds that all that was started and has ended has used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main():
    chosen = options()
    if chosen.boot:
        build, name = chosen.boot
        return suites.run_as_tap(os.path.abspath(build), name)
    build = builder.folder()
    os.environ["KERNE_BUILD"] = build
    os.environ["KERNE_DISK"] = "none" # that of who runs this is not touched
    # What does not build counts as one failure; the rest is tested anyway.
    good = not chosen.build or builder.make(
        build, settings=["-Dwerror=true"] if os.environ.get("CI") else [])
    suites.Boot.real_time = chosen.real_time
    suites.Test.first = chosen.first
    tests, patterns = choose(suites.all_tests(build, chosen.scale),
                             chosen.words)
    if chosen.list:
        manners.say("\n".join(f"{test.suite:12} {test.name}"
                              for test in tests))
        return 0
    began, before = time.monotonic(), processor_time()
    total = Sum(chosen.verbose)
    run_all(tests, chosen.jobs,
            lambda test, outcome: total.add(test, outcome, patterns))
    if not good:
        print("build        not everything could be built (see above)  FAILED")
        total.failed += 1
    print(f"\nin {time.monotonic() - began:.0f} s, "
          f"{processor_time() - before:.0f} s of processors")
    print(f"{total.passed} passed, {total.failed} failed, "
          f"{total.skipped} skipped")
    if not total.passed + total.failed + total.skipped:
        print("./check: nothing was run", file=sys.stderr)
        return 1
    return 1 if total.failed else 0


if __name__ == "__main__":
    manners.run(main, suites.leave)
