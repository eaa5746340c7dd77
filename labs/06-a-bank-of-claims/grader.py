"""Lab 6: what is lent moves, nobody overtakes, and debts end with debtors."""
import os

from grading import CLAIMS, MILLISECOND, RESULTS, SLICES, grade_order, listed

HERE = os.path.dirname(os.path.abspath(__file__))
LEND, RETURN, UNKNOWN = 40, 41, 42
BUFFERS, PROCESSES, TABLES, LINES = 0, 1, 2, 3
CAPITAL = 6
SOON = 4 * MILLISECOND
NAMES = ("first", "second", "third", "fourth")
LINE = f"student {' '.join(NAMES)}"
END = 350 * MILLISECOND


def grade(lab):
    programs = {"student": lab.files}
    programs.update((name, [os.path.join(HERE, "borrower.c")])
                    for name in NAMES)
    for slice_length in SLICES:
        run = lab.run("new student size 4M buf 60 internal 30 image "
                      f'prog "{LINE}" run', programs=programs, end=END,
                      arguments=f"slice={slice_length}")
        how = f"in slices of {slice_length} us"
        if slice_length == SLICES[0]:
            grade_loans(lab, run)
            grade_refusals(lab, run)
        grade_waiting(lab, run, how)
        grade_debts(lab, run, how)
        grade_accounts(lab, run, how)
        grade_order(lab, run, how)


def asked(run, name, operation, kind, number):
    """Such messages of this child, in order."""
    return [c for c in run.between(name, "student")
            if [c.words[0] >> 2] + c.words[1:3] == [operation, kind, number]]


def said(conversations):
    return listed([RESULTS.get(c.result, "no answer")
                   for c in conversations]) if conversations \
        else "it was not asked"


def grade_loans(lab, run):
    loans = [c for kind, number in ((BUFFERS, 4), (PROCESSES, 3), (TABLES, 2))
             for c in asked(run, "first", LEND, kind, number)]
    lab.point(len(loans) == 3 and all(c.result == 1 for c in loans),
              "what is there is lent", "normal, of each kind", said(loans),
              loans[0].sent if loans else None)
    back = asked(run, "first", RETURN, BUFFERS, 3) + \
        asked(run, "first", RETURN, BUFFERS, 1)[1:]
    lab.point(len(back) == 2 and all(c.result == 1 for c in back),
              "what was lent is taken back", "normal", said(back),
              back[0].sent if back else None)


def grade_refusals(lab, run):
    def point(what, result, conversations):
        good = conversations and all(c.result == result for c in conversations)
        lab.point(good, what, RESULTS[result], said(conversations),
                  conversations[0].sent if conversations else None)

    point("a loan that can never be met is refused", 2,
          asked(run, "first", LEND, BUFFERS, 3) +
          asked(run, "first", LEND, TABLES, 0))
    point("what was not lent is not taken back", 2,
          asked(run, "first", RETURN, PROCESSES, 4) +
          asked(run, "first", RETURN, BUFFERS, 5))
    point("what is in use is not taken back", 2,
          asked(run, "first", RETURN, BUFFERS, 1)[:1])
    point("an unknown kind or operation is answered so", 3,
          asked(run, "first", LEND, LINES, 1) +
          asked(run, "first", UNKNOWN, BUFFERS, 1))


def grade_waiting(lab, run, how):
    """Loans of buffers: second waits for first, and third behind it."""
    back = asked(run, "first", RETURN, BUFFERS, 3)
    second = asked(run, "second", LEND, BUFFERS, 4)
    third = asked(run, "third", LEND, BUFFERS, 2)
    when = back[0].sent if back else 0
    got = [c.answered if c.result == 1 else None for c in second + third]
    waited = len(got) == 2 and None not in got and \
        when < got[0] < when + SOON
    lab.point(waited, f"who finds too little waits until there is more, {how}",
              "normal, soon after another has given back",
              said(second + third), second[0].sent if second else None)
    lab.point(waited and got[0] <= got[1] < when + SOON,
              f"nobody overtakes, {how}", "who came first has his loan first",
              "the later one had it first" if waited
              else said(second + third), third[0].sent if third else None)


def grade_debts(lab, run, how):
    """Loans of processes: each waits for the end of the one before."""
    wrong, at = [], None
    for debtor, name, number in (("first", "second", 6),
                                 ("second", "third", 1)):
        loans = asked(run, name, LEND, PROCESSES, number)
        end = run.named(debtor)[0].removed if run.named(debtor) else None
        good = loans and end and loans[0].result == 1 and \
            end <= loans[0].answered < end + SOON
        if not good:
            wrong.append(f"{name} had " + (
                f"{RESULTS.get(loans[0].result, 'no answer')}" if loans
                else "not asked"))
            at = at or (loans[0].sent if loans else None)
    lab.point(not wrong, f"debts end with the debtor, {how}",
              "who waits has his loan soon after", listed(wrong), at)


def moves_of(process, kind):
    """(at, how many it has more, or less), since it was started."""
    had, moves = 0, []
    for at, of_kind, number, _ in process.claims:
        if of_kind != kind or process.removed and at >= process.removed:
            continue
        if process.started and at > process.started and number != had:
            moves.append((at, number - had))
        had = number
    return moves


def grade_accounts(lab, run, how):
    """What the nucleus counts is what was answered, and never too much."""
    wrong, at, moved = [], None, []
    for process in (p for name in NAMES for p in run.named(name)):
        for kind, word in CLAIMS.items():
            moves = moves_of(process, kind)
            told = [c for c in run.between(process.name, "student")
                    if c.result == 1 and c.words[0] >> 2 in (LEND, RETURN)
                    and c.words[1] == kind]
            want = [c.words[2] if c.words[0] >> 2 == LEND else -c.words[2]
                    for c in told]
            changes = [by for _, by in moves]
            moved += [(when, kind, by) for when, by in moves]
            if process.removed:
                moved.append((process.removed, kind, -sum(changes)))
            if changes != want:
                wrong.append(f"{process.name} got {changes} {word}, and was "
                             f"told {want}")
                at = at or (told[0].answered if told else None)
    lent = dict.fromkeys(CLAIMS, 0)
    for when, kind, by in sorted(moved):
        lent[kind] += by
        if lent[kind] > CAPITAL:
            wrong.append(f"{lent[kind]} {CLAIMS[kind]} were lent at once")
            at = at or when
    lab.point(moved and not wrong,
              f"the accounts are as the answers say, {how}",
              f"each loan moves what it says, and at most {CAPITAL} are lent",
              listed(wrong) if wrong else "nothing was lent", at)
