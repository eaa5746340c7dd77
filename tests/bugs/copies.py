"""Copies of the tree, each with a build folder of its own, to break."""
import filecmp
import os
import queue
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


def tracked(tree):
    """The files of the tree, without what git is told to ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=tree, capture_output=True, text=True, check=True).stdout
    return {path for path in listed.splitlines()
            if os.path.isfile(os.path.join(tree, path))}


class Copy:
    def __init__(self, folder):
        self.tree = os.path.join(folder, "tree")
        self.build = os.path.join(folder, "build")
        # Nothing looks for the repository around it.
        self.environment = dict(os.environ, KERNE_BUILD=self.build,
                                GIT_CEILING_DIRECTORIES=folder)

    def run(self, *words):
        """A command in the copy: its exit status, and what it said."""
        result = subprocess.run(
            words, cwd=self.tree, env=self.environment, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        return result.returncode, result.stdout.decode("utf-8", "replace")

    def mend(self):
        """Makes it the same as the tree again; what is so stays as it is."""
        wanted = tracked(HERE)
        for folder, _, names in os.walk(self.tree):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.relpath(path, self.tree) not in wanted:
                    os.remove(path)
        for path in wanted:
            original = os.path.join(HERE, path)
            copied = os.path.join(self.tree, path)
            if os.path.exists(copied) and \
                    filecmp.cmp(original, copied, shallow=False):
                continue
            os.makedirs(os.path.dirname(copied), exist_ok=True)
            shutil.copyfile(original, copied) # new, to whoever builds of it
            shutil.copymode(original, copied)

    def make(self, targets):
        """Builds these; no target stands for everything."""
        return self.run(sys.executable, "tools/builder.py", *targets)

    def check(self, suite, test):
        """Runs the test, up to its first point that fails."""
        return self.run(sys.executable, "tests/run.py", "--first", suite,
                        test)


class Copies:
    """As many as are wanted at the same time; they are kept for later."""

    def __init__(self, folder):
        self.folder = folder
        self.made = 0
        self.free = queue.SimpleQueue()

    def take(self):
        try:
            return self.free.get_nowait()
        except queue.Empty:
            self.made += 1
            return Copy(os.path.join(self.folder, str(self.made)))

    def give_back(self, copy):
        self.free.put(copy)
