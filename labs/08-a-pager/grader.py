"""Lab 8: right pages, few frames, and no more faults than need be."""
import os

from grading import MILLISECOND, SLICES, grade_order

HERE = os.path.dirname(os.path.abspath(__file__))
REGION, STEP, PAGES, STEPS = 0x90000000 // 4096, 2, 16, 400
END = 700 * MILLISECOND
# String, frames, and how many times the optimum are allowed.
RUNS = (("hot", 5, 1.25), ("hot", 4, 1.2), ("skewed", 6, 2.0),
        ("loop", 5, 4.8), ("skewed", 1, 1.0))


def string_of(name):
    """The references, as walker.c makes them."""
    if name == "hot":
        return [page for i in range(STEPS) for page in (0, 1, 2 + i % 14)]
    if name == "loop":
        return [i % 6 for i in range(STEPS)]
    x, pages = 1, []
    for _ in range(STEPS):
        x = (x * 1103515245 + 12345) % (1 << 31)
        chance = (x >> 16) % 100
        pages.append(chance % 4 if chance < 70 else 4 + chance % 12)
    return pages


def optimum(string, frames):
    """Belady's: the page that is needed last of all goes."""
    there, faults = set(), 0
    for at, page in enumerate(string):
        if page in there:
            continue
        faults += 1
        if len(there) == frames:
            rest = string[at:]
            there.remove(max(there, key=lambda p: rest.index(p)
                             if p in rest else len(rest)))
        there.add(page)
    return faults


def grade(lab):
    programs = {"student": lab.files,
                "walker": [os.path.join(HERE, "walker.c")]}

    def run_of(string, frames, slice_length):
        return lab.run(f'new student size 3M image prog "student {frames} '
                       f'walker {string}" run', programs=programs, end=END,
                       arguments=f"slice={slice_length}")

    for string, frames, times in RUNS:
        run = run_of(string, frames, SLICES[1])
        how = f"on `{string}` in {frames} frames"
        grade_pages(lab, run, how)
        grade_frames(lab, run, frames, how)
        grade_faults(lab, run, optimum(string_of(string), frames), times, how)
    for slice_length in SLICES:
        run = run_of("hot", 5, slice_length)
        how = f"in slices of {slice_length} us"
        grade_pages(lab, run, how)
        grade_order(lab, run, how)
    run = run_of("wild", 5, SLICES[1])
    lab.point("walker broke: page fault: store to 0x90020000" in run.output,
              "an access outside of the region is reported",
              "`walker broke: page fault: store to 0x90020000`",
              "it was not reported")
    grade_order(lab, run, "when the child is removed", status=1)


def number_of(page):
    """Its number in the region; None: it is not there."""
    number = (page - REGION) // STEP
    return number if 0 <= number < PAGES else None


def grade_pages(lab, run, how):
    status = run.status_of("walker")
    lab.point(status == 0, f"each page is as it was left, {how}",
              "walker finishes with status 0", "walker did not finish"
              if status is None else f"status {status}: some were not")


def grade_frames(lab, run, frames, how):
    there, most, at = set(), 0, None
    for event in run.of_events("opened", "closed"):
        page = number_of(event["numbers"][0])
        if page is None:
            continue
        if event["event"] == "opened":
            there.add(page)
        else:
            there.discard(page)
        if len(there) > most:
            most, at = len(there), event["at"]
    lab.point(0 < most <= frames, f"no more pages are open than there are "
              f"frames, {how}", f"{frames} at most", f"{most} at once", at)


def grade_faults(lab, run, best, times, how):
    faults = [c for c in run.breaks_of("walker")
              if number_of(c.words[1] // 4096) is not None]
    most = int(best * times)
    lab.point(run.status_of("walker") == 0 and len(faults) <= most,
              f"there are few faults, {how}",
              f"{most} at most, where {best} are the optimum",
              f"{len(faults)}" if run.status_of("walker") == 0
              else "it did not come to its end",
              faults[-1].sent if faults else None)
