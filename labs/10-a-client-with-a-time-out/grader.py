"""Lab 10: no request waits longer than it may, and none is left behind."""
import os

from grading import FINIS, MILLISECOND, SLICES, listed

HERE = os.path.dirname(os.path.abspath(__file__))
ANSWER, REPORT = 40, 41
NUMBER, DELAY, PATIENCE, RESULT, ANSWERED = 1, 2, 3, 5, 6 # words
REQUESTS, KNOCKS, NOBODY = 24, 10, 100
TOO_LATE, NO_BUFFERS, NONE = 0, 7, 5
MARGIN = 300 # us: what is nearer to its time may be late or not
SLACK = 700000 # ns, until what is late is told
BUFFERS = 6
END = 1500 * MILLISECOND


def grade(lab):
    programs = {"student": lab.files, "tardy": [os.path.join(HERE, "tardy.c")]}
    for slice_length in SLICES:
        run = lab.run("new tardy buf 100 run",
                      f"new student buf {BUFFERS} run",
                      programs=programs, end=END,
                      arguments=f"slice={slice_length}")
        how = f"in slices of {slice_length} us"
        told = {c.words[NUMBER]: c for c in run.between("student", "tardy")
                if c.words[:1] == [REPORT << 2]}
        asked = {c.words[NUMBER]: c for c in run.between("student", "tardy")
                 if c.words[:1] == [ANSWER << 2]}
        lab.point(len(told) == REQUESTS + 1, f"all requests come to an end, "
                  f"{how}", f"{REQUESTS + 1} are told", f"{len(told)}",
                  max((c.sent for c in asked.values()), default=None))
        grade_requests(lab, how, told, asked)
        grade_late(lab, how, told, asked)
        grade_refused(lab, how, told)
        grade_left(lab, run, how, told)
        grade_knocks(lab, run, how)


def grade_requests(lab, how, told, asked):
    """What was told is what happened."""
    wrong = []
    for number, report in told.items():
        request, result = asked.get(number), report.words[RESULT]
        came = request and request.returned and \
            request.returned < report.sent
        if request and came and (result != request.result or
                                 report.words[ANSWERED] != number):
            wrong.append((number, f"result {result}, with the answer to "
                          f"{report.words[ANSWERED]}"))
        elif request and not came and result != TOO_LATE:
            wrong.append((number, f"result {result}, of no answer"))
        elif request and result == TOO_LATE and \
                request.words[DELAY] + MARGIN < request.words[PATIENCE]:
            wrong.append((number, "too late"))
    lab.point(asked and not wrong, f"what is told is what came, {how}",
              "the result, and the answer, of that request",
              listed([f"request {n}: {what}" for n, what in wrong]),
              told[wrong[0][0]].sent if wrong else None)


def grade_late(lab, how, told, asked):
    late = []
    for number, request in asked.items():
        patience = request.words[PATIENCE] * 1000
        end = told[number].sent if number in told else None
        took = end and end - request.sent
        if took is None or took > patience + SLACK or (
                told[number].words[RESULT] == TOO_LATE and
                took < patience - SLACK) or (
                request.returned and took - SLACK >
                request.returned - request.sent):
            late.append((request, f"request {number}: " + (
                f"{took / 1000:.0f} us, of {patience // 1000}" if took
                else "for ever")))
    lab.point(asked and not late, f"nobody waits longer than need be, {how}",
              "until the answer, and no longer than its time",
              listed([what for _, what in late]),
              late[0][0].sent if late else None)


def grade_refused(lab, how, told):
    results = {number: report.words[RESULT] for number, report in told.items()}
    lab.point(results.get(NOBODY) == NONE,
              f"a server that is not there is told of, {how}",
              "does not exist", f"result {results.get(NOBODY)}")
    last = [results.get(number) for number in (REQUESTS - 2, REQUESTS - 1)]
    lab.point(last == [NO_BUFFERS] * 2,
              f"without a buffer it is refused at once, {how}",
              "no buffers, twice, when five messages are in the server's "
              "hands", f"results {last}")


def grade_left(lab, run, how, told):
    """Before the next request, nothing of the last one is left."""
    end = min((c.sent for c in run.between("student")
               if c.words[:1] == [FINIS << 2]), default=None)
    reports = sorted(c.sent for c in told.values())
    left = []
    for c in run.between("student"):
        if c.receiver not in ("tardy", "clock") or \
                c.receiver == "tardy" and c.words[:1] != [ANSWER << 2]:
            continue
        done = [at for at in (c.returned, c.regretted) if at is not None]
        until = min((at for at in reports if at > c.sent), default=end)
        if not done or until is None or min(done) > until:
            left.append(c)
    lab.point(told and end and not left, f"nothing is left behind, {how}",
              "each message is taken back, or its answer taken, before the "
              "next request",
              f"{len(left)} were not, the first to {left[0].receiver}"
              if left else "it did not come to its end",
              left[0].sent if left else None)


def grade_knocks(lab, run, how):
    knocks = run.between("tardy", "student")
    lost = [c for c in knocks if c.result != 1]
    lab.point(len(knocks) == KNOCKS and not lost,
              f"what comes meanwhile is answered, {how}",
              f"an answer to each of {KNOCKS} messages",
              f"{len(knocks)} messages, {len(lost)} without an answer",
              lost[0].sent if lost else None)
    student = run.named("student")
    ran = student[0].ran if student else 0
    lab.point(student and ran < 10 * MILLISECOND,
              f"who waits does not compute, {how}", "less than 10 ms",
              f"{ran / MILLISECOND:.1f} ms")
