"""Lab 1: each text comes back reversed, and everything is answered."""
import os

from grading import MILLISECOND, RESULTS, SLICES, listed

HERE = os.path.dirname(os.path.abspath(__file__))
ASKER = os.path.join(HERE, "asker.c")
TEXT = 40 << 2 # word 0 of a message with a text
END = 700 * MILLISECOND


def grade(lab):
    programs = {"student": lab.files, "asker": [ASKER]}
    for slice_length in SLICES:
        run = lab.run("new student run", "new asker run",
                      programs=programs, end=END,
                      arguments=f"slice={slice_length}")
        told = run.between("asker", "student")
        texts = [c for c in told if c.words[:1] == [TEXT]]
        others = [c for c in told if c.words[:1] != [TEXT]]
        if slice_length == SLICES[0]:
            grade_answers(lab, texts, others)
        waiting = run.unanswered("student")
        lab.point(len(told) == 14 and not waiting,
                  f"everything is answered, in slices of {slice_length} us",
                  "14 messages, and an answer to each",
                  f"{len(told)} messages, and {len(waiting)} without an answer",
                  waiting[0].sent if waiting else None)
        broken = run.breaks_of("student")
        lab.point(not broken,
                  f"the server does not break, in slices of {slice_length} us",
                  "no break", f"{len(broken)} breaks",
                  broken[0].sent if broken else None)


def grade_answers(lab, texts, others):
    silent = "there was no answer" if texts or others else \
        "no message could be sent to the server: it had ended"
    wrong = [c for c in texts
             if c.answer and c.text(c.answer) != c.text()[::-1]]
    at = wrong[0].answered if wrong else None
    lab.point(texts and not wrong and all(c.answer for c in texts),
              "texts come back reversed",
              listed([f"`{c.text()[::-1]}` for `{c.text()}`"
                      for c in wrong or texts]) if texts
              else "each text, backwards",
              listed([f"`{c.text(c.answer)}`" for c in wrong]) if wrong
              else silent, at)
    long = [c for c in texts if len(c.text()) == 56]
    lab.point(long and all(c.answer and len(c.text(c.answer)) == 56
                           for c in long),
              "a text of 56 bytes comes back whole", "56 bytes",
              listed([f"{len(c.text(c.answer))} bytes"
                      for c in long if c.answer] or [silent]),
              long[0].sent if long else None)
    lab.point(others and all(c.result == 3 for c in others),
              "an unknown operation is answered as unintelligible",
              "result unintelligible",
              listed([RESULTS.get(c.result, "no answer") for c in others] or
                     [silent]),
              others[0].sent if others else None)
