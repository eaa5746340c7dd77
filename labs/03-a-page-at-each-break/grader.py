"""Lab 3: a page at a break, with the rights that were asked, and no more."""
import os
import re

from grading import MILLISECOND, SLICES, grade_order, listed

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = 4096
READ, WRITE, EXECUTE = 1, 2, 4
LINE = re.compile(r"touched (\d+) pages, wrote (\d+) of them")
END = 280 * MILLISECOND
CHILDREN = ("toucher", "scribbler")


def grade(lab):
    programs = {"student": lab.files}
    programs.update((name, [os.path.join(HERE, name + ".c")])
                    for name in CHILDREN)

    def run_of(child, slice_length):
        return lab.run(f'new student image prog "student {child}" run',
                       programs=programs, end=END,
                       arguments=f"slice={slice_length}")

    for slice_length in SLICES:
        run = run_of("toucher", slice_length)
        how = f"in slices of {slice_length} us"
        if slice_length == SLICES[0]:
            grade_pages(lab, run)
            grade_counts(lab, run)
        grade_order(lab, run, how)
    grade_scribbler(lab, run_of("scribbler", SLICES[1]))


def faults_of(run, child):
    """(conversation, page, access), in order."""
    return [(c, c.words[1] // PAGE, c.words[2]) for c in run.breaks_of(child)]


def opened_later(run, child):
    """Windows that it was given after it was started."""
    return [window for process in run.named(child)
            for window in process.opened
            if process.started and window[0] > process.started]


def grade_pages(lab, run):
    lab.point("the sum is 90" in run.output, "the child runs to its end",
              "`the sum is 90`", "it did not say so")
    faults, opened = faults_of(run, "toucher"), opened_later(run, "toucher")
    wide, wrong = [], []
    for at, first, count, rights in opened:
        before = [(page, access) for c, page, access in faults if c.sent <= at]
        page, access = before[-1] if before else (None, 0)
        if count > 1 or first != page:
            wrong.append((at, f"{count} from {first:#x} at a break for page "
                          f"{page or 0:#x}"))
        asked = {right for p, right in before if p == first}
        if any(rights & right and right not in asked
               for right in (WRITE, EXECUTE)):
            wide.append((at, f"rights {rights} of page {first:#x} at an access "
                         f"of {access}"))
    lab.point(opened and not wrong, "each break opens its own page, and no "
              "other", "one page", listed([what for _, what in wrong])
              if wrong else "no page was opened", wrong[0][0] if wrong else
              None)
    lab.point(opened and not wide, "no right is given before it was asked",
              "1 to read, with 2 to write, with 4 to execute",
              listed([what for _, what in wide]) if wide
              else "no page was opened", wide[0][0] if wide else None)
    pairs = [(page, access) for _, page, access in faults]
    again = [faults[i][0] for i, pair in enumerate(pairs)
             if pair in pairs[:i]]
    lab.point(len(faults) > 1 and not again,
              "no page breaks twice for the same access", "once for each",
              f"{len(faults)} breaks, {len(again)} of them again",
              again[0].sent if again else None)


def grade_counts(lab, run):
    faults = faults_of(run, "toucher")
    touched = len({page for _, page, _ in faults})
    written = len({page for _, page, access in faults if access == WRITE})
    said = LINE.search(run.output)
    lab.point(len(faults) > 1 and said and
              [int(n) for n in said.groups()] == [touched, written],
              "what was used and written is counted",
              f"`touched {touched} pages, wrote {written} of them`",
              f"`{said[0]}`" if said else "it said nothing of it")


def grade_scribbler(lab, run):
    breaks = [c for c, _, access in faults_of(run, "scribbler")
              if access == WRITE]
    child = run.named("scribbler")
    lab.point(breaks and "it was let" not in run.output and
              "scribbler broke: page fault: store" in run.output and
              child and child[0].gone,
              "a store into instructions is reported, and its child removed",
              "`scribbler broke: page fault: store ...`",
              "`it was let`" if "it was let" in run.output
              else "it was not reported", breaks[0].sent if breaks else None)
    grade_order(lab, run, "also when a child is removed", status=1)
