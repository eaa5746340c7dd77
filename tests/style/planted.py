#!/usr/bin/python3
"""The planted bugs: each can still be planted, and names the test to find it.

`./check bugs` plants them.
"""
import subprocess

import sources

import suites  # found by way of sources
import tap


def main():
    writer = tap.Writer()
    planted = [test for test in suites.all_tests(sources.BUILD)
               if test.suite == "bugs"]
    writer.point(len(planted) >= 60, "planted.at_least_60",
                 [f"there are {len(planted)}"])
    for bug in planted:
        applies = subprocess.run(["git", "apply", "--check", bug.path],
                                 cwd=sources.HERE, capture_output=True,
                                 text=True, check=False)
        wrong = applies.stderr.splitlines()
        if bug.finder is None:
            wrong.append(f"its first line names no test: {bug.first_line}")
        writer.point(not wrong, f"planted.{bug.name}", wrong)
    writer.end()


if __name__ == "__main__":
    main()
