"""Lab 12: the program notices nothing, and is in one place at a time."""
import os
import re

from grading import MILLISECOND, SLICES, grade_order, listed

HERE = os.path.dirname(os.path.abspath(__file__))
END = 1000 * MILLISECOND
STEP = re.compile(r"step \d: [\d, ]+")
TIMES = (100, 1500, 3000, 5000, 8500) # us, until it is moved
IN_TIME = 20 * MILLISECOND


def grade(lab):
    mover = os.path.join(HERE, "mover.c")
    programs = {"student": [*lab.files, mover],
                "counter": [os.path.join(HERE, "counter.c")]}

    def run_of(microseconds, slice_length, size="3M"):
        return lab.run(f'new there size {size} image '
                       'prog "student receive" run',
                       'new here size 3M image prog "student there '
                       f'{microseconds} counter" run',
                       programs=programs, end=END,
                       arguments=f"slice={slice_length}")

    plain = lab.run("new counter run", programs=programs, end=END)
    wanted = STEP.findall(plain.output)
    for number, microseconds in enumerate(TIMES):
        slice_length = SLICES[number % len(SLICES)]
        run = run_of(microseconds, slice_length)
        how = f"after {microseconds} us, in slices of {slice_length} us"
        grade_steps(lab, run, wanted, how)
        grade_place(lab, run, how)
        grade_windows(lab, run, how)
        grade_here(lab, run, how)
        grade_order(lab, run, how, name="there")
    run = run_of(TIMES[1], SLICES[1], "600k")
    how = "when there is no room for it"
    grade_steps(lab, run, wanted, how)
    grade_order(lab, run, how, name="here")


def grade_here(lab, run, how):
    """As grade_order(), but for that nobody need have asked it anything."""
    waiting, left = run.unanswered("here"), run.not_back("here")
    ended, broken = run.status_of("here"), run.breaks_of("here")
    lab.point(not broken and ended == 0 and not waiting and not left,
              f"the first system is in order, {how}",
              "it finishes, with all answered, and all back",
              listed([f"status {ended}", f"{len(broken)} breaks",
                      f"{len(waiting)} unanswered", *left], 6))


def grade_steps(lab, run, wanted, how):
    steps = STEP.findall(run.output)
    wrong = [step for step in steps if steps.count(step) > 1 or
             step not in wanted]
    missing = [step for step in wanted if step not in steps]
    lab.point(wanted and steps == wanted, f"it does all steps once, {how}",
              "8 steps, with the figures of a program that is not moved",
              listed([f"`{step}`" for step in wrong]) if wrong else
              f"{len(missing)} steps are missing")


def places(run):
    """The program here, and there; None: it never was."""
    found = {p.parent.name: p for p in run.named("counter")}
    return found.get("here"), found.get("there")


def grade_place(lab, run, how):
    here, there = places(run)
    ran = there.ran if there else 0
    lab.point(here and there and ran > MILLISECOND and
              there.made - here.made < IN_TIME,
              f"it is moved, as soon as can be, {how}",
              f"it runs in the other system, {IN_TIME / MILLISECOND:.0f} ms "
              "later at most",
              f"it ran there for {ran / MILLISECOND:.1f} ms")
    both = [since for since, until, who in run.stretches
            if who is here and there and there.started and
            since > there.started]
    lab.point(here and here.ran and not both, f"it never runs in both, {how}",
              "not here any more, when it is begun there",
              f"it ran here {len(both)} times", both[0] if both else None)


def rights_of(process):
    """page -> rights."""
    return {page: rights for _, first, count, rights in process.opened
            for page in range(first, first + count)} if process else {}


def grade_windows(lab, run, how):
    here, there = (rights_of(process) for process in places(run))
    other = [page for page in here if here[page] != there.get(page)]
    lab.point(here and not other and len(here) == len(there),
              f"it has the same windows there, {how}",
              f"{len(here)} pages, with the rights that they had",
              f"{len(there)} pages; {len(other)} are missing, or have "
              "other rights")
