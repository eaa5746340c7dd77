"""Lab 9: the service is put in place again, so often and no more."""
import os

from grading import MILLISECOND, SLICES, grade_order, listed

HERE = os.path.dirname(os.path.abspath(__file__))
END = 700 * MILLISECOND


def grade(lab):
    programs = {"student": lab.files}
    programs.update((name, [os.path.join(HERE, name + ".c")])
                    for name in ("breaker", "caller"))

    def run_of(arguments, slice_length):
        return lab.run(f'new student size 4M buf 100 image prog "student '
                       f'{arguments}" run', programs=programs, end=END,
                       arguments=f"slice={slice_length}")

    for slice_length in SLICES:
        how = f"in slices of {slice_length} us"
        run = run_of("20, breaker 3, caller 10, caller 8", slice_length)
        grade_service(lab, run, 18, 20, how)
        grade_order(lab, run, how, status=1)
    how = "when the last restart is needed"
    run = run_of("3, breaker 2, caller 4", SLICES[1])
    grade_service(lab, run, 4, 3, how)
    how = "when it breaks each time"
    run = run_of("5, breaker 1, caller 3", SLICES[1])
    grade_service(lab, run, 0, 5, how)
    grade_order(lab, run, how, status=1)
    how = "when it finishes"
    run = run_of("5, breaker 0, caller 1", SLICES[1])
    grade_service(lab, run, 0, 5, how)
    grade_order(lab, run, how, status=1)
    how = "when a client breaks"
    run = run_of("5, breaker 3, crash store, caller 3", SLICES[1])
    grade_service(lab, run, 3, 5, how)
    crashed = run.named("crash")
    lab.point(len(crashed) == 1, "a client that breaks is not begun again",
              "it was made once", f"{len(crashed)} times",
              crashed[-1].made if crashed else None)
    grade_order(lab, run, how, status=1)
    how = "when nothing breaks"
    run = run_of("5, breaker 100, caller 5", SLICES[1])
    grade_service(lab, run, 5, 5, how)
    grade_order(lab, run, how)


def grade_service(lab, run, wanted, limit, how):
    """As many answers as the clients wanted, of one that is there once."""
    made = [p for p in run.named("service") if p.parent.name == "student"]
    breaks = run.breaks_of("service")
    expected = 1 + min(len(breaks), limit)
    lab.point(len(made) == expected and len(breaks) <= limit + 1,
              f"it is put in place at each break, {limit} times at most, "
              f"{how}", f"{expected} times made, at {len(breaks)} breaks",
              f"{len(made)} times made, at {len(breaks)} breaks",
              breaks[-1].sent if breaks else None)
    done = [c for c in run.conversations if c.receiver == "service" and
            c.sender.startswith("caller") and c.result == 1]
    lab.point(len(done) == wanted, f"its clients get their answers, {how}",
              f"{wanted} sums", f"{len(done)} sums",
              done[-1].answered if done else None)
    both = [(a, b) for a, b in zip(made, made[1:])
            if a.gone is None or a.gone > b.made]
    lab.point(made and not both, f"the broken one is removed before, {how}",
              "one service at a time",
              listed([f"one more at {b.made / MILLISECOND:.3f} ms"
                      for _, b in both]), both[0][1].made if both else None)
