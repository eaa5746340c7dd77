"""For the tests of this folder: the tree's source files, and their lines."""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("KERNE_BUILD", os.path.join(HERE, "build"))
sys.path[:0] = [os.path.join(HERE, "tests"), os.path.join(HERE, "tools")]

C_FOLDERS = ("nucleus", "arch", "boot", "children", "parents", "tests",
             "view/machine")
ALL_FOLDERS = (*C_FOLDERS, "labs", "tools", "view")


def listed(folders):
    """All files of these folders, without what git is told to ignore."""
    result = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--",
         *folders], cwd=HERE, capture_output=True, text=True, check=False)
    if result.returncode == 0:
        return result.stdout.splitlines()
    return [os.path.relpath(os.path.join(path, name), HERE)
            for folder in folders
            for path, _, names in os.walk(os.path.join(HERE, folder))
            for name in names] # not a clone


def files(kinds, folders=C_FOLDERS):
    """The files whose names end so, relative to the root."""
    return sorted({path for path in listed(folders)
                   if path.endswith(tuple(kinds)) and
                   os.path.isfile(os.path.join(HERE, path))})


def read(path):
    with open(os.path.join(HERE, path), encoding="utf-8") as file:
        return file.read()
