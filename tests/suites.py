"""The suites: what each test is, how it is run, and when it is good."""
import concurrent.futures
import contextlib
import fnmatch
import json
import os
import re
import resource
import select
import signal
import stat
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(HERE, folder)
                for folder in ("tools", "tests/bench", "tests/bugs")]

import baseline  # noqa: E402 (found by the path above)
import copies  # noqa: E402
import cross  # noqa: E402
import curves  # noqa: E402
import machine  # noqa: E402
import size  # noqa: E402
import tap  # noqa: E402

# The pages quote figures, so `docs` comes behind `bench`.
ORDER = ["style", "unit", "system", "conformance", "tree", "hostile",
         "dialogue", "view", "labs", "linux", "host", "machines", "bench",
         "docs", "bugs"]
ASKED_FOR = ["bugs"] # only

# `quick` stands for all tests but these, which take most of the time; what they
# look at in depth, others touch.
SLOW = ["style.tidy", "unit.random_[cms]*", "unit.abandon", "system.bail_out*",
        "system.console", "system.debugger", "system.device_trees",
        "system.ended", "system.keeper", "system.paging", "system.parents",
        "system.pass", "system.paste", "system.places", "system.raw",
        "system.root_loader", "system.schedulers", "system.store_ends",
        "system.store_nested",
        "system.terminal", "system.time", "system.tmux", "system.voice",
        "host.*", "tree.depth", "tree.shares",
        "hostile.attacks*", "hostile.every_instruction",
        "hostile.hygiene_slices", "hostile.outsider", "hostile.paths_equal",
        "hostile.random", "dialogue.deepest", "dialogue.keeper*",
        "dialogue.lines", "labs.*", "linux.calls", "linux.crashes",
        "linux.damaged", "linux.databases", "linux.kills",
        "linux.screens*", "linux.swap*", "linux.workloads_*", "linux.wrong",
        "machines.*", "view.figures",
        "view.l*", "view.others", "view.page", "view.programs", "view.same",
        "bench.*", "docs.curves", "docs.dialogues", "docs.examples",
        "docs.figures", "docs.listings", "bugs.*"]
# What takes longest begins first, since at the end it would run alone; these
# take most of a minute or more, the longest first.
LONG = ["bench.figures", "host.checkouts", "hostile.attacks", "docs.dialogues",
        "system.paste", "system.store_nested", "labs.12*", "system.raw",
        "system.catalog"]
# What the RC 4000's manual says of conversations, creation, control, removal,
# and round robin is looked at by these; they are the suite conformance.
CONFORMANCE = ["unit.random_short", "unit.name", "unit.process",
               "unit.time", "system.message", "system.control",
               "dialogue.checkio", "tree.depth"]
LONGEST = 500 # characters of a line that is kept
GRACE = 1.0 # seconds
DIALOGUE = 30 # seconds, of a machine's clock; the longest takes 6
PATIENCE = 5 # so much longer than its processor's, a busy computer's clock runs


running = set() # the processes of tests; each leads a session of its own


def leave(status):
    """Ends at once, with all that runs still; machines end with us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ended = set(running)
    for process in ended: # they remove what is temporary
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
    end = time.monotonic() + GRACE
    while time.monotonic() < end and any(
            process.poll() is None for process in ended):
        time.sleep(0.01)
    os._exit(status)


class Outcome:
    def __init__(self):
        self.is_cut = False # it was ended at its first point that failed
        self.points = [] # as in tap.Report
        self.faults = [] # what else is wrong, in words
        self.output = [] # lines
        self.seconds = 0.0


def limits(seconds):
    """Of the processor, for prlimit: a signal that can be told, and the end.
    Nobody may have more than the shell has allowed (ulimit -t)."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    return ":".join(str(limit if most == resource.RLIM_INFINITY else
                        min(limit, most)) for limit in (seconds, seconds + 1))


class Test:
    """One thing to run; `words` is its command.

    `deadline`: seconds of the processor, for each process of it; however busy
    the computer is, it has them within PATIENCE times as many of the clock.
    """

    FAILED = re.compile(rb"^not ok\b", re.MULTILINE)

    first = False # whether tests end at their first point that failed
    targets = () # what ninja makes for it; none: everything
    wants = () # suites that must have ended, if they are run, too

    def __init__(self, build, suite, name, deadline, words, parallel=True):
        self.build = build
        self.suite = suite
        self.name = name
        self.deadline = deadline
        self.words = ["prlimit", f"--cpu={limits(deadline)}", *words]
        self.parallel = parallel

    def by_hand(self):
        return ""

    def is_among(self, patterns):
        return any(fnmatch.fnmatchcase(f"{self.suite}.{self.name}", pattern)
                   for pattern in patterns)

    def turn(self):
        """When it begins: first who takes long, last who wants others."""
        longer = [n for n, name in enumerate(LONG) if self.is_among([name])]
        return bool(self.wants), longer or [len(LONG)], -self.deadline

    def is_quick(self):
        return not self.is_among(SLOW)

    def is_of(self, words):
        """Whether one of these suites has it."""
        return self.suite in words or \
            ("conformance" in words and self.is_among(CONFORMANCE))

    def run(self):
        began = time.monotonic()
        outcome = Outcome()
        self.execute(outcome)
        outcome.seconds = time.monotonic() - began
        self.keep(outcome)
        return outcome

    def keep(self, outcome):
        folder = os.path.join(self.build, "check")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, f"{self.suite}.{self.name}.log")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in outcome.output)

    def execute(self, outcome):
        """Runs the command, and takes what it prints as TAP."""
        process = machine.start(
            self.words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, cwd=HERE, start_new_session=True)
        running.add(process)
        end = time.monotonic() + PATIENCE * self.deadline
        printed = bytearray()
        try:
            if self.first and self.hears_failure(process, printed, end):
                outcome.is_cut = True
                os.killpg(process.pid, signal.SIGINT)
                end = time.monotonic() + GRACE
            rest, _ = process.communicate(
                timeout=max(0, end - time.monotonic()))
            status = self.in_time(process.returncode)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            rest, _ = process.communicate()
            status = None
        running.remove(process)
        printed += rest
        outcome.output = printed.decode("utf-8", "replace").splitlines()
        self.judge(outcome, status)

    def hears_failure(self, process, printed, end):
        """Takes what it prints, up to a point that failed; false: there is
        none, or the end came."""
        begin = 0 # of the last line
        while not self.FAILED.search(printed, begin):
            begin = printed.rfind(b"\n") + 1
            if not select.select([process.stdout], [], [],
                                 max(0, end - time.monotonic()))[0]:
                return False
            data = os.read(process.stdout.fileno(), 65536)
            if not data:
                return False
            printed += data
        return True

    def too_long(self):
        return (f"deadline: stopped after {self.deadline} s of the processor, "
                f"or {PATIENCE * self.deadline} s")

    @staticmethod
    def in_time(status):
        """None, in place of what a process ends with that has no time left."""
        return None if status == -signal.SIGXCPU else status

    def judge(self, outcome, status):
        report = tap.Report()
        for line in outcome.output:
            report.feed(line)
        outcome.points = report.points
        if outcome.is_cut:
            return
        if status is None:
            outcome.faults = [self.too_long()]
            return
        outcome.faults = report.faults()
        if status != 0 and not outcome.faults and \
                all(verdict != "failed" for _, verdict, _ in report.points):
            outcome.faults = [f"it ended with exit status {status}, though "
                              "every point was good"]


class Boot(Test):
    """A boot image, whose root speaks TAP on the serial console.

    The machine's time is its count of instructions, so that each run is the
    same, however busy the computer is; unless `real_time`.
    """

    real_time = False

    def __init__(self, build, entry):
        release = entry["release"]
        self.image = os.path.join(build, entry["image"])
        self.release = release
        self.icount = release or not self.real_time
        self.memory = entry["memory"]
        kernel = "kerne" if release else "kerne-checks"
        words = machine.command(
            os.path.join(build, "arch", "riscv", kernel), self.image,
            memory=self.memory, append=entry["arguments"] or None,
            icount=machine.EXACT_ALONE if self.icount else None)
        self.targets = ("arch/riscv/" + kernel, entry["image"])
        self.status = entry["status"]
        self.says = entry["says"]
        super().__init__(build, entry["suite"], entry["name"],
                         entry["deadline"], words, entry["parallel"])

    def by_hand(self):
        return (f"./run {'' if self.release else '--checks '}"
                f"{'--icount ' if self.icount else ''}-m {self.memory} "
                f"--image {os.path.relpath(self.image)}")

    def execute(self, outcome):
        screen = machine.Screen()
        status = None
        with machine.Machine(self.words, self.deadline) as computer:
            computer.process.stdin.close()
            panic = False
            try:
                while True:
                    text = computer.read(wait=2 if panic else None)
                    if text is None:
                        status = self.in_time(computer.status())
                        break
                    if panic and not text:
                        break # it has said its last words
                    for line in screen.feed(text):
                        outcome.output.append(line[:LONGEST])
                        panic = panic or bool(machine.PANIC.match(line))
                        outcome.is_cut |= self.first and \
                            line.startswith("not ok")
                    if outcome.is_cut:
                        break
            except TimeoutError:
                pass
            outcome.output += computer.unsaid().splitlines()
            outcome.output += computer.words.text().splitlines()
        if screen.line().strip():
            outcome.output.append(screen.line()[:LONGEST])
        if self.status == 0:
            self.judge(outcome, status)
        else:
            self.judge_end(outcome, status)
        panics = [line for line in outcome.output if machine.PANIC.match(line)]
        if panics:
            outcome.faults = [f"the nucleus stopped: {panics[0]}"]


    def judge_end(self, outcome, status):
        """Of a machine that is to end badly, in words."""
        said = any(self.says in line for line in outcome.output)
        outcome.points = [
            (f"{self.name}.exit_status_{self.status}",
             "passed" if status == self.status else "failed", None),
            (f"{self.name}.says `{self.says}`",
             "passed" if said else "failed", None)]
        if status is None:
            outcome.faults = [self.too_long()]


class Dialogue(Test):
    """A transcript, of which all must come again."""

    targets = ("arch/riscv/kerne-checks", "image.tar")

    def __init__(self, build, path):
        name = os.path.basename(path)[:-len(".expected")]
        self.path = path
        super().__init__(build, "dialogue", name, 2 * DIALOGUE, [
            sys.executable, os.path.join(HERE, "tools", "run.py"), "--checks",
            "--deadline", str(DIALOGUE), "--expect", path])

    def by_hand(self):
        return f"./run --checks --expect {os.path.relpath(self.path, HERE)}"

    def judge(self, outcome, status):
        outcome.points = [(f"{self.name}.transcript",
                           "passed" if status == 0 else "failed", None)]
        if status is None:
            outcome.faults = [self.too_long()]


class Bench(Test):
    """All boots and scripts of the suite bench, the table, and the limits.
    They count instructions, so two may run at the same time."""

    LINE = re.compile(r"^(?:# )?bench (\S+) (\S+) ?(.*)$")

    def __init__(self, build, parts, scale):
        super().__init__(build, "bench", "figures",
                         sum(part.deadline for part in parts), [])
        self.parts = parts
        self.scale = scale

    def execute(self, outcome):
        figures = []
        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            parts = list(pool.map(lambda part: part.run(), self.parts))
        for part in parts:
            outcome.points += part.points
            outcome.faults += part.faults
            outcome.output += part.output
            for line in part.output:
                found = self.LINE.match(line)
                if found:
                    name, value, unit = found.groups()
                    number = float(value)
                    figures.append({"name": name, "unit": unit, "value":
                                    int(number) if number.is_integer()
                                    else number})
        figures += self.skipped(outcome.points)
        figures += size.figures(
            HERE, os.path.join(self.build, "arch", "riscv", "kerne"))
        self.compare(outcome, figures)
        with open(os.path.join(self.build, "bench.json"), "w",
                  encoding="utf-8") as file:
            json.dump(figures, file, indent=1)
            file.write("\n")
        curves.draw_all(figures, self.build)

    @staticmethod
    def skipped(points):
        """Figures that could not be measured here, as they were before."""
        before = baseline.read()
        return [{"name": name, "unit": f"as before: {reason}",
                 "value": before[name]} for name, verdict, reason in points
                if verdict == "skipped" and name in before]

    def compare(self, outcome, figures):
        with open(os.path.join(HERE, "tests", "bench", "limits.json"),
                  encoding="utf-8") as file:
            limits = json.load(file)
        table = []
        for figure in figures:
            if curves.NUMBERED.match(figure["name"]):
                continue
            limit = limits.get(figure["name"])
            table.append(
                f"  {figure['name']:32} {figure['value']:>12} "
                f"{figure['unit']:14}"
                + (f" (at most {limit})" if limit is not None else ""))
        units = {figure["name"]: figure["unit"] for figure in figures}
        for (stem, along), points in curves.group(figures).items():
            table.append(
                f"  {stem}, {units[f'{stem}.{along}{min(points)}']} at "
                f"{along} " + ", ".join(
                    f"{number}: {value}" for number, value in points.items()))
        print("\n".join(table)) # at once: others run
        foreign = cross.why_not_comparable()
        if foreign:
            outcome.points.append(("the figures are within their limits",
                                   "skipped", foreign))
            return
        values = {figure["name"]: figure["value"] for figure in figures}
        for name, limit in limits.items():
            good = name in values and values[name] <= limit
            outcome.points.append((f"{name} is at most {limit}",
                                   "passed" if good else "failed", None))
            if not good:
                outcome.output.append(
                    f"not ok - {name}: {values.get(name, 'not measured')}, and "
                    f"the limit in tests/bench/limits.json is {limit}")
        for remark in baseline.outdated(baseline.read(), values):
            print(f"  {remark}")
        wrong = list(baseline.faults(baseline.read(), values, self.scale))
        outcome.points.append(("no figure is above its baseline",
                               "failed" if wrong else "passed", None))
        outcome.output += [f"not ok - {fault}; if that is meant: python3 "
                           "tests/bench/baseline.py --write"
                           for fault in wrong]


class Bug(Test):
    """A patch that breaks the tree, which the test named in it is to find.

    Its first line is `SUITE TEST: what is broken`.
    """

    FIRST_LINE = re.compile(r"(\S+) (\S+): (\S.*)")
    SUM = re.compile(r"^\d+ passed, (\d+) failed, \d+ skipped$", re.MULTILINE)

    def __init__(self, build, path, tests, trees):
        name = os.path.basename(path)[:-len(".patch")]
        super().__init__(build, "bugs", name, 0, [])
        self.path = path
        self.trees = trees
        with open(path, encoding="utf-8") as file:
            self.first_line = file.readline().strip()
        found = self.FIRST_LINE.fullmatch(self.first_line)
        self.finder = found and tests.get(found.groups()[:2])

    def execute(self, outcome):
        tree = self.trees.take()
        try:
            outcome.faults = list(self.plant(tree, outcome))
        finally:
            self.trees.give_back(tree)

    def plant(self, tree, outcome):
        """Breaks the copy and runs the test there; yields what went wrong."""
        def done(result):
            status, said = result
            outcome.output = said.splitlines()
            return status == 0

        if self.finder is None:
            yield f"its first line names no test: {self.first_line}"
            return
        tree.mend()
        if not done(tree.run("git", "apply", self.path)):
            yield "the patch does not apply any more"
        elif not done(tree.make(self.finder.targets)):
            yield "what is broken so does not build"
        else:
            suite, name = self.finder.suite, self.finder.name
            passed = done(tree.check(suite, name))
            found = self.SUM.search("\n".join(outcome.output))
            if not found:
                yield f"the test {suite} {name} could not be run"
            outcome.points = [
                (f"NOT FOUND by {suite} {name}" if passed else
                 f"found by {suite} {name}",
                 "failed" if passed else "passed", None)]


def bugs(build, tests):
    known = {(test.suite, test.name): test for test in tests}
    trees = copies.Copies(os.path.join(build, "bugs"))
    folder = os.path.join(HERE, "tests", "bugs")
    for name in sorted(os.listdir(folder)):
        if name.endswith(".patch"):
            yield Bug(build, os.path.join(folder, name), known, trees)


def scripts(build, suite, options=(), deadline=600):
    folder = os.path.join(HERE, "tests", suite)
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    for name in names:
        path = os.path.join(folder, name)
        if name.endswith(".py") and os.stat(path).st_mode & stat.S_IXUSR:
            name = name[:-len(".py")]
            test = Test(build, suite, name, deadline, [path, *options])
            if suite == "docs" and name in ("figures", "curves", "listings"):
                test.wants = ("bench",) # its bench.json
            yield test


def linux(build):
    """Debian's programs, beside the scripts that need nothing from there."""
    yield from scripts(build, "linux")
    for nucleus, end in (("kerne", ""), ("kerne-checks", "_checks")):
        for what, words in (("workloads_1", ["1"]), ("workloads_3", ["3"]),
                            ("screens", []), ("piped", [])):
            path = os.path.join(HERE, "tests", "linux",
                                what.partition("_")[0] + ".py")
            yield Test(build, "linux", what + end, 600,
                       [sys.executable, path, *words, nucleus])


def labs(build):
    """A test for each lab, beside the scripts."""
    yield from scripts(build, "labs")
    path = os.path.join(HERE, "tests", "labs", "graders.py")
    for name in sorted(os.listdir(os.path.join(HERE, "labs"))):
        if re.match(r"\d\d-", name):
            yield Test(build, "labs", name, 600, [sys.executable, path, name])


def machines(build, scale):
    """`scale`: each combination, and the newest QEMU too."""
    for qemu in ["installed", "trixie"] + (["sid"] if scale else []):
        yield Test(build, "machines", qemu, 36000 if scale else 900, [
            os.path.join(HERE, "tests", "machines", "matrix.py"), qemu,
            *(["all"] if scale else [])])


def bench(build, entries, scale):
    """`scale`: with so much storage that the figures along it go to the end."""
    boots = [Boot(build, dict(entry, memory=entry["scale_memory"]) if scale
                  else entry) for entry in entries]
    return Bench(build, boots + list(
        scripts(build, "bench", ["--scale"], 1800) if scale
        else scripts(build, "bench")), scale)


def all_tests(build, scale=False):
    with open(os.path.join(build, "tests.json"), encoding="utf-8") as file:
        entries = json.load(file)
    tests = list(scripts(build, "style"))
    for entry in entries:
        if entry["suite"] == "unit":
            test = Test(build, "unit", entry["name"], entry["deadline"],
                        [os.path.join(build, entry["program"]),
                         *entry["options"].split()])
            test.targets = (entry["program"],)
            tests.append(test)
        elif entry["suite"] != "bench":
            tests.append(Boot(build, entry))
    tests += scripts(build, "system")
    tests += scripts(build, "tree")
    tests += scripts(build, "hostile")
    tests += scripts(build, "view")
    tests += labs(build)
    tests += linux(build)
    folder = os.path.join(HERE, "tests", "dialogue")
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        if name.endswith(".expected"):
            tests.append(Dialogue(build, os.path.join(folder, name)))
    tests += scripts(build, "host", ["--scale"] if scale else [],
                     3600 if scale else 600)
    tests += machines(build, scale)
    tests += scripts(build, "docs")
    tests.append(bench(build, [entry for entry in entries
                               if entry["suite"] == "bench"], scale))
    tests += bugs(build, tests)
    for test in tests:
        if test.name in ORDER: # nobody could ask for it alone
            raise SystemExit(f"tests/suites.py: {test.suite} {test.name} has "
                             "the name of a suite")
    for pattern in SLOW + LONG + CONFORMANCE:
        if not any(test.is_among([pattern]) for test in tests):
            raise SystemExit(f"tests/suites.py: `{pattern}` means no test")
    tests.sort(key=lambda test: ORDER.index(test.suite))
    return tests


def run_as_tap(build, name):
    """One boot for `meson test`: its TAP lines on standard output."""
    with open(os.path.join(build, "tests.json"), encoding="utf-8") as file:
        entries = json.load(file)
    entry = [entry for entry in entries
             if f"{entry['suite']}.{entry['name']}" == name][0]
    outcome = Boot(build, entry).run()
    print("TAP version 13")
    for line in outcome.output:
        print(f"# {line}")
    for number, (point, verdict, remark) in enumerate(outcome.points, 1):
        print(f"{'not ok' if verdict == 'failed' else 'ok'} {number} - {point}"
              + (f" # SKIP {remark}" if verdict == "skipped" else ""))
    print(f"1..{len(outcome.points)}")
    for fault in outcome.faults:
        print(f"Bail out! {fault}")
    return 1 if outcome.faults else 0
