"""Lab 5: the time that children are told, and that it takes."""
import os

from grading import MILLISECOND, RESULTS, SLICES, grade_order, listed

HERE = os.path.dirname(os.path.abspath(__file__))
SENSE, DELAY, UNTIL, UNKNOWN, TELL_TIME = 0, 1, 2, 33, 99
SLOWER = 4
TICK = 100 # nanoseconds
NEAR = MILLISECOND // 4 # of the true time
EARLY = MILLISECOND // 20 # as far as the children's first time is not exact
END = 350 * MILLISECOND


def grade(lab):
    programs = {"student": lab.files}
    programs.update((name, [os.path.join(HERE, name + ".c")])
                    for name in ("asker", "quitter"))
    for slice_length in SLICES:
        run = lab.run('new student image prog "student quitter, asker" run',
                      programs=programs, end=END,
                      arguments=f"slice={slice_length}")
        how = f"in slices of {slice_length} us"
        if slice_length == SLICES[0]:
            grade_told(lab, run)
            grade_others(lab, run)
        grade_waits(lab, run, how)
        grade_left(lab, run, how)
        grade_order(lab, run, how)


def asked(run, operation, child="asker"):
    return [c for c in run.between(child, "student")
            if c.words[0] >> 2 == operation]


def origin_of(run):
    """When the children's time was 0, as the first that it is told says."""
    first = asked(run, TELL_TIME)[:1]
    return first[0].sent - first[0].words[1] * SLOWER * TICK if first else 0


def late(when, ticks, origin):
    """How much later in the true time it is than it should be."""
    return when - origin - ticks * SLOWER * TICK


def in_words(nanoseconds):
    return f"{nanoseconds / MILLISECOND:.3f} ms"


def grade_told(lab, run):
    told, origin = asked(run, TELL_TIME), origin_of(run)
    student = run.named("student")[0] if run.named("student") else None
    child = run.named("asker")
    lab.point(told and student and child and
              student.made <= origin <= child[0].started,
              "the children's time begins at 0, with their parent",
              "0 before they are started", f"the first is told "
              f"{told[0].words[1]} ticks" if told else "nobody was told",
              told[0].sent if told else None)
    wrong = [c for c in told if abs(late(c.sent, c.words[1], origin)) > NEAR]
    lab.point(len(told) == 4 and not wrong, "get clock tells a slower time",
              "a tick in four", listed(
                  [f"{c.words[1]} ticks, {in_words(c.sent - told[0].sent)} "
                   f"after {told[0].words[1]}" for c in wrong]) if wrong
              else f"{len(told)} of 4 times", wrong[0].sent if wrong else None)
    answers = [c for operation in (SENSE, DELAY, UNTIL)
               for c in asked(run, operation)]
    wrong = [c for c in answers if not c.answer or c.result != 1 or
             abs(late(c.answered, c.answer[1], origin)) > NEAR]
    lab.point(len(answers) == 4 and not wrong,
              "each answer of the clock tells the children's time",
              "the same as get clock", listed(
                  [f"{c.answer[1]} ticks" if c.answer else "no answer"
                   for c in wrong]) if wrong
              else f"{len(answers)} of 4 answers",
              wrong[0].answered or wrong[0].sent if wrong else None)


def grade_others(lab, run):
    odd = asked(run, UNKNOWN)
    lab.point(odd and odd[0].result == 3,
              "what the clock does not know is answered so", "unintelligible",
              RESULTS.get(odd[0].result, "no answer") if odd
              else "it was not asked", odd[0].sent if odd else None)
    child = run.named("quitter")
    gone = (child[0].removed if child else None) or END
    never = asked(run, DELAY, "quitter")[:1]
    lab.point(never and (never[0].answered or gone) >= gone,
              "a time that does not fit into 64 bits never comes",
              "no answer while the child is there", "an answer"
              if never else "it was not asked",
              never[0].answered if never else None)


def grade_waits(lab, run, how):
    origin = origin_of(run)
    waits = [(c, c.words[1] * SLOWER * TICK) for child in ("asker", "quitter")
             for c in asked(run, DELAY, child) if c.words[1] < 1 << 60]
    waits += [(c, max(0, -late(c.sent, c.words[1], origin)))
              for c in asked(run, UNTIL)]
    wrong = [(c, f"{in_words(c.answered - c.sent)} in place of "
              f"{in_words(length)}" if c.answered else "no answer")
             for c, length in waits
             if not c.answered or
             not -EARLY <= c.answered - c.sent - length <= NEAR]
    lab.point(len(waits) == 4 and not wrong,
              f"waiting takes four times as long, {how}",
              "a delay of n ticks takes 4 n, `until` is true",
              listed([what for _, what in wrong]) if wrong
              else f"{len(waits)} of 4 were asked",
              wrong[0][0].sent if wrong else None)


def grade_left(lab, run, how):
    """Its messages to the clock, when it ends: all have come back."""
    sent = run.between("student", "clock")
    student = run.named("student")
    gone = (student[0].removed if student else None) or END
    left = [c for c in sent
            if (c.returned or c.regretted or END) >= gone]
    lab.point(sent and not left, f"no message is left at the clock, {how}",
              "the one of who is gone is taken back", f"{len(left)} left"
              if sent else "the clock was not asked",
              left[0].sent if left else None)
