"""Lab 4: who has had least runs, whoever comes when; and nobody else."""
import os

from grading import MILLISECOND, SLICES, grade_order, listed

HERE = os.path.dirname(os.path.abspath(__file__))
JOBS = {"alpha": (0, 40), "beta": (0, 20), "gamma": (25, 20)} # milliseconds
QUANTUM = 2 * MILLISECOND
SLACK = MILLISECOND // 2 # to decide, to stop and to start
LOAD = 3 * MILLISECOND # at most, to make a job
LINE = "student " + ", ".join(f"{at} {name} {length}"
                              for name, (at, length) in JOBS.items())
SCHEDULERS = os.path.join(os.path.dirname(os.path.dirname(HERE)), "parents",
                          "schedulers")
END = 350 * MILLISECOND


def grade(lab):
    programs = {"student": lab.files + [os.path.join(SCHEDULERS, "jobs.c")]}
    programs.update((name, [os.path.join(HERE, "burner.c")]) for name in JOBS)
    for slice_length in SLICES:
        run = lab.run(f'new student image prog "{LINE}" run', programs=programs,
                      end=END, arguments=f"slice={slice_length}")
        how = f"in slices of {slice_length} us"
        if slice_length == SLICES[0]:
            grade_arrivals(lab, run)
            grade_one_runs(lab, run)
            grade_idling(lab, run)
        grade_ends(lab, run, how)
        grade_fairness(lab, run, how)
        grade_order(lab, run, how)


def jobs_of(run):
    return {process.name: process for process in run.processes
            if process.name in JOBS}


def grade_arrivals(lab, run):
    there = jobs_of(run)
    begin = min((job.made for job in there.values()), default=0)
    wrong = [f"{name} at {(job.made - begin) / MILLISECOND:.1f} ms"
             for name, job in there.items()
             if not -SLACK <= job.made - begin - JOBS[name][0] * MILLISECOND
             <= QUANTUM + len(JOBS) * LOAD]
    lab.point(len(there) == len(JOBS) and not wrong,
              "each job is made when it arrives",
              listed([f"{name} at {at} ms" for name, (at, _) in JOBS.items()]),
              listed(wrong) if wrong else f"{len(there)} were made",
              there["gamma"].made if "gamma" in there else None)


def grade_one_runs(lab, run):
    """Of the jobs at most one is not stopped."""
    names = {event["process"]: event["name"] for event in run.of_events("made")
             if event["name"] in JOBS}
    started, at = set(), None
    for event in run.of_events("started", "stopped", "removed"):
        if event["process"] in names:
            (started.add if event["event"] == "started" else started.discard)(
                event["process"])
        if len(started) > 1:
            at = event["at"]
            break
    lab.point(names and at is None, "one job at a time is let run",
              "all others stopped", "two were not stopped" if at else
              "there was no job", at)


def grade_idling(lab, run):
    there = jobs_of(run).values()
    begin = min((job.made for job in there), default=0)
    last = max((job.removed or END for job in there), default=0)
    ran = sum(job.ran for job in there)
    lab.point(ran > 0.85 * (last - begin),
              "the time is the jobs', and not lost",
              "they run for 85 % of the time", f"for "
              f"{100 * ran / max(last - begin, 1):.0f} %")


def grade_ends(lab, run, how):
    missing = [name for name in JOBS if run.status_of(name) != 0]
    lab.point(not missing, f"each job comes to its end, {how}", "all three",
              f"{listed(missing)} did not")


def grade_fairness(lab, run, how):
    """Whoever runs is never ahead by more than a quantum."""
    had = dict.fromkeys(JOBS, 0)
    there = jobs_of(run)
    ahead, at, whose, together = 0, None, None, set()
    for since, until, process in run.stretches:
        if not process or process.name not in JOBS:
            continue
        had[process.name] += until - since
        others = [had[name] for name, job in there.items()
                  if name != process.name and job.made <= since and
                  run.status_of(name) is not None and
                  not has_ended(run, name, since)]
        together.update([process.name] if others else [])
        lead = had[process.name] - min(others) if others else 0
        if lead > ahead:
            ahead, at, whose = lead, until, process.name
    lab.point(len(together) == len(JOBS) and ahead <= QUANTUM + SLACK,
              f"who has had least runs, {how}",
              "nobody is ahead by more than 2 ms while he runs",
              f"{whose} is ahead by {ahead / MILLISECOND:.1f} ms"
              if ahead > QUANTUM
              else "they were not there together", at)


def has_ended(run, name, now):
    """Has it said its finis by now?"""
    return any(c.sent <= now for c in run.between(sender=name)
               if c.words[0] >> 2 == 16)
