"""TAP, the lines in which tests speak: reading it, and writing it."""
import re
import sys

POINT = re.compile(r"^(not )?ok\b\s*(\d+)?\s*(?:-\s*)?([^#]*?)\s*"
                   r"(?:#\s*(.*))?$")
PLAN = re.compile(r"^1\.\.(\d+)\s*(?:#\s*(.*))?$")


class Report:
    """What one test program said, line by line."""

    def __init__(self):
        self.points = []  # (name, "passed", "failed" or "skipped", reason)
        self.plan = None
        self.begun = False
        self.bail = None

    def feed(self, line):
        if not self.begun:
            self.begun = line.startswith("TAP version")
            return
        point = POINT.match(line)
        plan = PLAN.match(line)
        if point:
            wrong, number, name, remark = point.groups()
            verdict = "failed" if wrong else "passed"
            if remark and remark.upper().startswith("SKIP"):
                verdict, remark = "skipped", remark[4:].strip()
            self.points.append((name or f"point {number}", verdict, remark))
        elif plan:
            self.plan = int(plan.group(1))
            if self.plan == 0: # one point that tells it
                why = re.sub("(?i)^skip", "", plan.group(2) or "no reason")
                self.points.append(("all of it", "skipped", why.strip()))
                self.plan = len(self.points)
        elif line.startswith("Bail out!"):
            self.bail = line

    def faults(self):
        """What is wrong beside points that failed, in words."""
        if not self.begun:
            return ["it never said `TAP version`"]
        if self.bail:
            return [self.bail]
        if self.plan is None:
            return [f"it ended without a plan, after {len(self.points)} points"]
        if self.plan != len(self.points):
            return [f"it planned {self.plan} points and gave "
                    f"{len(self.points)}"]
        return []


class Writer:
    """For tests in Python: points as they come, then the plan."""

    def __init__(self):
        self.count = 0
        self.failed = 0
        print("TAP version 13", flush=True)

    def point(self, good, name, why=()):
        """One point; `why` is shown, line by line, when it is not good."""
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}")
        if not good:
            for line in why:
                print(f"# {line}")
        sys.stdout.flush()

    def skip(self, name, reason):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {reason}", flush=True)

    def end(self):
        print(f"1..{self.count}", flush=True)
        sys.exit(1 if self.failed else 0)
