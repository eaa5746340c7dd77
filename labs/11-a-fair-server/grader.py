"""Lab 11: who asks little waits little, and everybody pays for himself."""
import collections
import os

from grading import MILLISECOND, SLICES, listed

HERE = os.path.dirname(os.path.abspath(__file__))
END = 1600 * MILLISECOND
WRONGLY = 0.05 # of work, paid by another
CLIENTS = {"flood": 120, "flood2": 60, "modest": 12}


def grade(lab):
    programs = {"student": lab.files}
    for name in CLIENTS:
        file = name.rstrip("2") + ".c"
        programs[name] = [os.path.join(HERE, file)]
    for slice_length in SLICES:
        run = lab.run("new student buf 20 run", "new flood prog \"flood 120\" "
                      "run new flood2 prog \"flood2 60\" run "
                      "new modest prog \"modest 12\" run",
                      programs=programs, end=END,
                      arguments=f"slice={slice_length}")
        how = f"in slices of {slice_length} us"
        told = {name: run.between(name, "student") for name in CLIENTS}
        grade_answers(lab, told, how)
        grade_turns(lab, told, how)
        grade_payment(lab, run, told, how)


def grade_answers(lab, told, how):
    wrong = [f"{name}: {sum(c.result == 1 for c in told[name])} of {wanted}"
             for name, wanted in CLIENTS.items()
             if sum(c.result == 1 for c in told[name]) != wanted]
    lab.point(not wrong, f"all work is done, {how}",
              listed([f"{wanted} for {name}"
                      for name, wanted in CLIENTS.items()]), listed(wrong))
    early = [(a, b) for name in CLIENTS
             for a, b in zip(told[name], told[name][1:])
             if b.answered and (a.answered is None or a.answered > b.answered)]
    lab.point(told["flood"] and not early,
              f"each client is served in its order, {how}",
              "what it sent first is answered first",
              f"{len(early)} were overtaken",
              early[0][1].answered if early else None)


def grade_turns(lab, told, how):
    """While a message waits, nobody else is served twice."""
    done = sorted((c.answered, name) for name in CLIENTS
                  for c in told[name] if c.answered)
    worst = (0, None, "nobody")
    for name in CLIENTS:
        last = 0
        for c in told[name]:
            since, last = max(c.sent, last), c.answered or last
            until = c.answered or done[-1][0] if done else 0
            for other in CLIENTS:
                turns = sum(who == other and since < at < until
                            for at, who in done)
                # One more: in hand when it came.
                if other != name and turns > worst[0]:
                    worst = (turns, c, other)
    lab.point(done and worst[0] <= 2, f"nobody is served more than twice while "
              f"another waits, {how}", "one in hand, and one turn",
              f"{worst[0]} of {worst[2]}, while {worst[1].sender} waited"
              if worst[1] else "nobody was served",
              worst[1].sent if worst[1] else None)


def grade_payment(lab, run, told, how):
    """Of the server's time for a client, what others paid."""
    paid = paid_for(run, told)
    for name in CLIENTS:
        payers = paid[name]
        others = sum(time for who, time in payers.items()
                     if who not in (name, "student"))
        part = others / (sum(payers.values()) or 1)
        lab.point(payers and part < WRONGLY,
                  f"nobody else pays for {name}, {how}",
                  f"less than {WRONGLY:.0%} of its work is paid by others",
                  f"{part:.0%}: " + listed([
                      f"{who} {time / MILLISECOND:.1f} ms"
                      for who, time in payers.items()])
                  if payers else "nothing was done for it")


def paid_for(run, told):
    """client -> payer -> ns: the server's running time before each answer is
    for who got that."""
    answers = sorted((c.answered, name) for name in CLIENTS
                     for c in told[name] if c.answered)
    paid = {name: collections.defaultdict(int) for name in CLIENTS}
    runs = pays = None
    at, turn = 0, 0
    for event in run.of_events("runs", "pays"):
        while at < event["at"] and turn < len(answers):
            until = min(event["at"], max(at, answers[turn][0]))
            if runs == "student":
                paid[answers[turn][1]][pays] += until - at
            at = until
            turn += at == answers[turn][0]
        who = run.name_of(event["process"], event)
        runs = who if event["event"] == "runs" else runs
        pays = who if event["event"] == "pays" else pays
    return paid
