"""The figures that were committed last; none may grow by more than a fiftieth,
or than its curve allows.

`python3 tests/bench/baseline.py --write` takes over what ./check bench has
measured, in a commit that says why a figure changed.  Points of curves to which
only ./check bench --scale goes stay as they are, until that has measured them.
"""
import json
import os
import sys

import curves

HERE = os.path.dirname(os.path.abspath(__file__))
PATH = os.path.join(HERE, "baseline.json")


def read(path=PATH):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def is_further(name, values):
    """Whether it is a point of a curve that was measured, but not so far."""
    found = curves.NUMBERED.match(name)
    points = found and curves.group(
        {"name": name, "value": value} for name, value in values.items()
    ).get(found.groups()[:2])
    return bool(points) and int(found.group(3)) > max(points)


def faults(baseline, values, scale):
    """What is wrong with the measured values, one sentence for each.

    `scale`: every curve must have been measured to its end.
    """
    for name, value in values.items():
        if name not in baseline:
            yield f"{name}: tests/bench/baseline.json does not have it"
        elif value > baseline[name] * (1 + curves.tolerance(name)):
            yield (f"{name}: {value}, more than "
                   f"{curves.tolerance(name):.0%} above the "
                   f"{baseline[name]} of tests/bench/baseline.json")
    for name in baseline:
        if name not in values and (scale or not is_further(name, values)):
            yield f"{name}: in tests/bench/baseline.json, but not measured"


def outdated(baseline, values):
    """Figures so much below the baseline that it guards them no more."""
    for name, value in values.items():
        if value * (1 + curves.tolerance(name)) < baseline.get(name, 0):
            yield (f"{name}: {value}, far below the {baseline[name]} of "
                   "tests/bench/baseline.json; let it be renewed")


def main():
    if sys.argv[1:] != ["--write"]:
        sys.exit("usage: python3 tests/bench/baseline.py --write")
    build = os.environ.get("KERNE_BUILD",
                           os.path.join(HERE, "..", "..", "build"))
    path = os.path.join(build, "bench.json")
    if not os.path.exists(path):
        sys.exit(f"{path} does not exist: run ./check bench first")
    values = {figure["name"]: figure["value"] for figure in read(path)}
    values.update({name: value for name, value in read().items()
                   if is_further(name, values)})
    with open(PATH, "w", encoding="utf-8") as file:
        json.dump(values, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
