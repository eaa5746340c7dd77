"""Lab 7: the values of the calls, and when they come."""
import os
import re

from grading import MILLISECOND, SLICES, grade_order, listed

HERE = os.path.dirname(os.path.abspath(__file__))
EXIT, WRITE, NUMBER, TIME, GROW, PUT, TAKE, YIELD = range(1, 9)
CALL = 1 # word 0 of a break
NOBODY, FULL, NO_STORAGE, BAD_ADDRESS, NO_CALL = -3, -11, -12, -14, -38
GUESTS = ("pong", "ping", "wild") # 1, 2 and 3
LINES = ("ping: in two parts", "ping: and from the heap", "pong: got it",
         "wild: here I am")
END = 260 * MILLISECOND


def grade(lab):
    programs = {"student": lab.files}
    programs.update((name, [os.path.join(HERE, name + ".c")])
                    for name in GUESTS)
    for slice_length in SLICES:
        run = lab.run('new student size 4M buf 60 internal 30 image '
                      f'prog "student {" ".join(GUESTS)}" run',
                      programs=programs, end=END,
                      arguments=f"slice={slice_length}")
        how = f"in slices of {slice_length} us"
        if slice_length == SLICES[0]:
            grade_values(lab, run)
            grade_text(lab, run)
            grade_refusals(lab, run)
        grade_boxes(lab, run, how)
        grade_ends(lab, run, how)
        grade_order(lab, run, how, status=1)


def calls(run, name, number):
    """The calls of this number, in order, with `value`: what the guest got, as
    it says with its next call; None: it made no other."""
    made = [c for c in run.breaks_of(name) if c.words[0] == CALL]
    for call, following in zip(made, made[1:] + [None]):
        call.value = signed(following.words[7]) if following else None
    return [c for c in made if c.words[1] == number]


def signed(word):
    return word - (1 << 64) if word >> 63 else word


def point(lab, what, made, wanted):
    """`made`: calls; `wanted`: their values, in order."""
    got = [call.value for call in made]
    at = next((call.sent for call, a, b in zip(made, got, wanted) if a != b),
              None)
    lab.point(got == wanted, what, f"values {listed(wanted, 8)}",
              f"values {listed(got, 8)}" if got else "it was not called", at)


def grade_values(lab, run):
    point(lab, "guests have their numbers",
          calls(run, "ping", NUMBER) + calls(run, "pong", NUMBER), [2, 1])
    point(lab, "yield is done", calls(run, "ping", YIELD), [0])
    time, student = calls(run, "ping", TIME), run.named("student")
    since = (time[0].sent - student[0].made) // MILLISECOND if time else 0
    lab.point(time and time[0].value is not None and
              since - 2 <= time[0].value <= since,
              "the time is since the system began", f"about {since} ms",
              f"{time[0].value} ms" if time else "it was not called",
              time[0].sent if time else None)
    grown = [call.value for call in calls(run, "ping", GROW)]
    lab.point(len(grown) == 3 and (grown[0] or 0) > 0 and
              grown[1:] == [NO_STORAGE] * 2,
              "the heap grows, as far as there is storage",
              f"an address, and twice {NO_STORAGE}",
              f"values {listed(grown)}" if grown else "it was not called")


def grade_text(lab, run):
    missing = [line for line in LINES if not re.search(
        "^" + re.escape(line) + r"\s*$", run.output, re.MULTILINE)]
    lab.point(not missing, "lines come out whole, and under their guest's name",
              listed([f"`{line}`" for line in LINES], 4),
              "missing: " + listed([f"`{line}`" for line in missing], 4))
    written = calls(run, "ping", WRITE)
    point(lab, "what was written is counted", written[:3], [3, 14, 14])


def grade_refusals(lab, run):
    point(lab, "what is not the guest's is not written",
          calls(run, "ping", WRITE)[3:], [BAD_ADDRESS] * 3)
    point(lab, "a call that there is not is no end of the guest",
          calls(run, "ping", 99), [NO_CALL])


def grade_boxes(lab, run, how):
    point(lab, f"a box is filled, if there is one, and it is empty, {how}",
          calls(run, "ping", PUT),
          [NOBODY, NOBODY, 0, FULL, 0, 0, NOBODY])
    point(lab, f"what was put is taken, {how}",
          calls(run, "ping", TAKE)[:2] + calls(run, "pong", TAKE),
          [7, 42, 41, 5])
    pong, puts = calls(run, "pong", TAKE), calls(run, "ping", PUT)
    lab.point(pong and len(puts) > 4 and
              (pong[0].answered or 0) > puts[4].sent > pong[0].sent,
              f"who takes from an empty box waits, {how}",
              "no value before there is one", "a value, or none, at another "
              "time" if pong else "it was not called",
              pong[0].sent if pong else None)
    point(lab, f"who waits when no other guest is left is told so, {how}",
          calls(run, "ping", TAKE)[2:], [NOBODY])


def grade_ends(lab, run, how):
    there = [name for name in GUESTS
             if not run.named(name) or run.named(name)[0].gone is None]
    exits = [len(calls(run, name, EXIT)) for name in ("ping", "pong")]
    lab.point(not there and exits == [1, 1] and
              "wild broke: page fault" in run.output,
              f"each guest ends, and wild breaks, {how}",
              "one exit each, and all three are gone",
              listed(there) + " is there, or never was" if there else
              f"{exits[0]} and {exits[1]} exits" if exits != [1, 1] else
              "the break was not reported")
