#!/usr/bin/python3
"""./run refuses what it cannot use: in a line that says what, and no boot."""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(HERE, "tests")]

import tap  # noqa: E402 (found by the path above)

RUN = os.path.join(HERE, "tools", "run.py")
DEADLINE = 60 # seconds, for each
OPTIONS = { # value: a part of what is said
    "--deadline": {
        word: "not a number of seconds"
        for word in ("nan", "inf", "-inf", "0", "-1", "1e300", "soon", "")},
    "--dialogue": {"/": "/ is not a file", "/no/where": "is not a file"},
    "--image": {
        "nobody": "no program or file `nobody`",
        ",": "no program or file ``",
        "/": "no program or file `/`",
        "s,s": "two files are called s"},
    "--with": {"/no/where.c": "`/no/where.c` is none", "/": "`/` is none"},
}
PROGRAM = "int main(void)\n{\n    return 0;\n}\n"
SOURCES = { # file: its text, and a part of what is said
    "wrong.c": ("int main(void) { return }\n", "wrong.c is not compiled"),
    "empty.c": ("", "empty.c is not compiled"),
    "no_thing.c": ("int thing(void);\nint main(void) { return thing(); }\n",
                   "no_thing.c is not compiled"),
    "hello.c": (PROGRAM, "the image has a file `hello` already"),
    ".c": (PROGRAM, "no command could name"),
    "two words.c": (PROGRAM, "no command could name"),
    'a"quote.c': (PROGRAM, "no command could name"),
    "n" * 101 + ".c": (PROGRAM, "no command could name"),
    "\u00e9.c": (PROGRAM, "no command could name"),
}


def refused(writer, name, arguments, words):
    """It ends badly, says so, and neither boots nor breaks down itself."""
    try:
        done = subprocess.run(
            [sys.executable, RUN, *arguments], check=False, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=DEADLINE)
        status, said = done.returncode, done.stdout
    except subprocess.TimeoutExpired:
        status, said = "none", ""
    good = status in (1, 2) and words in said and \
        "Traceback" not in said and "To begin" not in said
    writer.point(good, f"run.refuses.{name}",
                 [f"status {status}, wanted `{words}`"] + said.splitlines())


def main():
    writer = tap.Writer()
    for option, values in OPTIONS.items():
        for value, words in values.items():
            refused(writer, f"{option}={value}", [f"{option}={value}"], words)
    with tempfile.TemporaryDirectory() as folder:
        for file, (text, words) in SOURCES.items():
            path = os.path.join(folder, file)
            with open(path, "w", encoding="utf-8") as source:
                source.write(text)
            refused(writer, f"with.{file[:20]}", ["--with", path], words)
    writer.end()


if __name__ == "__main__":
    main()
