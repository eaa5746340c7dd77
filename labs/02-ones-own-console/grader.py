"""Lab 2: what is said comes out, as it is to, and all is answered."""
import os

from grading import MILLISECOND, RESULTS, SLICES, grade_order, listed

HERE = os.path.dirname(os.path.abspath(__file__))
SENSE, INPUT, OUTPUT, UNKNOWN = 0, 3, 5, 77
READ = 1 # the grant
LINES = ["FIRST", "TWO LINES", "IN ONE MESSAGE", "A1 [Z] {Z} ~",
         "WITHOUT AN END", "XXXXXXXXXX"]
LONG = 600 # bytes, of the text without a newline
END = 400 * MILLISECOND


def grade(lab):
    programs = {"student": lab.files,
                "sayer": [os.path.join(HERE, "sayer.c")]}
    for slice_length in SLICES:
        run = lab.run('new student image prog "student sayer, sayer" run',
                      programs=programs, end=END,
                      arguments=f"slice={slice_length}")
        how = f"in slices of {slice_length} us"
        if slice_length == SLICES[0]:
            grade_output(lab, run)
            grade_answers(lab, run)
        grade_order(lab, run, how)


def of_operation(run, operation):
    return [c for name in ("sayer", "sayer2")
            for c in run.between(name, "student")
            if c.words[0] >> 2 == operation]


def area(conversation):
    """Bytes of what it grants for reading."""
    word, first, last = conversation.words[:3]
    return last - first if word & READ and last > first else 0


def grade_output(lab, run):
    for name in ("sayer", "sayer2"):
        at, missing, twice = 0, [], []
        for line in LINES:
            said = f"{name}: {line}"
            found = run.output.find(said, at)
            at = found if found >= 0 else at
            if found < 0:
                missing.append(f"`{said}`")
            elif line != LINES[-1] and run.output.count(said) > 1:
                twice.append(f"`{said}` twice")
        lab.point(not missing and not twice,
                  f"the lines of {name} come out, in order, in capitals",
                  listed([f"`{name}: {line}`" for line in LINES]),
                  listed(missing) + " is missing" if missing
                  else listed(twice))
    long = [c for c in of_operation(run, OUTPUT) if 0 < area(c) <= LONG and
            c.words[2] == longest_end(run, c.sender)]
    taken = sum(c.answer[1] for c in long
                if c.sender == "sayer" and c.result == 1 and c.answer)
    lab.point(taken == LONG, "a long text is taken in parts, and whole",
              f"{LONG} bytes, in all answers together", f"{taken} bytes",
              long[0].sent if long else None)


def longest_end(run, sender):
    """Where the longest text of this sender ends."""
    return max(((area(c), c.words[2]) for c in of_operation(run, OUTPUT)
                if c.sender == sender), default=(0, 0))[1]


def grade_answers(lab, run):
    def point(operation, what, expected, good):
        asked = of_operation(run, operation)
        wrong = [c for c in asked if not good(c)]
        lab.point(asked and not wrong, what, expected,
                  listed([RESULTS.get(c.result, "no answer") +
                          (f", {c.answer[1]} bytes" if c.answer else "")
                          for c in wrong]) if asked else "it was not asked",
                  wrong[0].sent if wrong else None)

    point(INPUT, "there is no line of the operator's", "normal, 0 bytes",
          lambda c: c.result == 1 and c.answer and c.answer[1] == 0)
    point(SENSE, "a sense is answered", "normal", lambda c: c.result == 1)
    point(UNKNOWN, "an unknown operation is answered so", "unintelligible",
          lambda c: c.result == 3)
    bad = [c for c in of_operation(run, OUTPUT)
           if area(c) == 0 or c.words[1] == 0x1000]
    wrong = [c for c in bad if c.result != 4]
    lab.point(len(bad) == 6 and not wrong,
              "an area without a byte that can be read is not printed",
              "malfunction",
              listed([RESULTS.get(c.result, "no answer") for c in wrong])
              if bad else "it was not asked", wrong[0].sent if wrong else None)
