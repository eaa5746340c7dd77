#!/usr/bin/python3
"""The machine of view/machine boots the nucleus, speaks on its console, and is
the same in each run; and what it refuses, it refuses in words."""
import os
import re
import subprocess
import sys

import view

import tap  # found by way of view

DIALOGUE = os.path.join(view.HERE, "tests", "dialogue", "first.expected")
STATE = re.compile(r"state ([0-9a-f]{16})")


def state(*options, **more):
    said = STATE.search(view.run("--hash", *options, **more)[2])
    return said and said[1]


def console(writer, *options):
    """A transcript, as of QEMU."""
    ended = subprocess.run(
        [sys.executable, os.path.join(view.HERE, "tools", "run.py"), *options,
         "--expect", DIALOGUE, "--deadline", "20"], text=True,
        capture_output=True, check=False, env=view.IN_ITS_PLACE, timeout=300)
    writer.point(ended.returncode == 0, "boots.transcript" + "".join(options),
                 (ended.stdout + ended.stderr).splitlines())


def repeats(writer):
    alone = ("-icount", "shift=0,sleep=off", "--until")
    first = state(*alone, "200000000")
    again = state(*alone, "200000000")
    later = state(*alone, "200000100")
    other = state(*alone, "200000000", "-append", "slice=1000")
    writer.point(first and first == again, "boots.same_run_same_state",
                 [f"{first}, then {again}"])
    writer.point(first != later, "boots.later_is_another_state")
    writer.point(first != other, "boots.other_arguments_other_state")


def refused(writer, name, words, *options):
    status, _, said = view.run(*options)
    writer.point(status == 1 and words in said and "machine: " in said,
                 f"boots.refuses.{name}", [f"status {status}: {said}"])


def refusals(writer):
    refused(writer, "size", "that is no size", "-m", "128Q")
    refused(writer, "little", "is to be 16M to 3072M", "-m", "4M")
    refused(writer, "device", "no such device", "-device", "e1000")
    refused(writer, "harts", "knows nothing of that", "-smp", "2")
    refused(writer, "half", "a word is missing", "-append")
    refused(writer, "file", "No such file", "-kernel", "/nowhere")
    refused(writer, "time", "no number", "--until", "soon")
    refused(writer, "kernel", "no ELF file", "-kernel", __file__)
    refused(writer, "image", "larger than storage", "-m", "16M",
            "-initrd", view.built("tests", "view", "large"))


def main():
    writer = tap.Writer()
    console(writer)
    console(writer, "--checks")
    repeats(writer)
    with open(view.built("tests", "view", "large"), "wb") as large:
        large.truncate(16 << 20)
    refusals(writer)
    refused(writer, "driver", "a file as it stands", "-blockdev",
            "driver=blkdebug,node-name=errors")
    refused(writer, "property", "no such device", "-device",
            "virtio-blk-device,drive=disk,serial=mine")
    writer.end()


if __name__ == "__main__":
    main()
