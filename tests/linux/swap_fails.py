#!/usr/bin/python3
"""Swap on a disk that fails: who needs a page that cannot be had is ended, a
line says why, and all others go on."""
import contextlib
import io
import os
import tempfile

import made

import store  # found by way of made
import tap

SIZES = "size 8M buf 60 internal 60 tables 600 image"
MEMORY = "64M" # so the store's cache has not room for all
BUS_ERROR, KILLED = 7, 9
# From the first write on: nothing can be read, nothing written.
RULES = """[set-state]
state = "1"
event = "write_aio"
new_state = "2"
[inject-error]
state = "2"
event = "{event}"
errno = "5"
"""


def words(disk, rules):
    return ["-global", "virtio-mmio.force-legacy=false",
            "-blockdev", "driver=file,node-name=under,cache.no-flush=on,"
            "filename=" + disk,
            "-blockdev", "driver=blkdebug,node-name=errors,image=under,"
            "config=" + rules,
            "-blockdev", "driver=raw,node-name=disk,file=errors",
            "-device", "virtio-blk-device,drive=disk"]


def said_beside(folder, image, event):
    disk, rules = (os.path.join(folder, name) for name in ("disk", "rules"))
    if os.path.exists(disk):
        os.remove(disk)
    with contextlib.redirect_stdout(io.StringIO()):
        store.make(disk, 64 << 20, 64)
    with open(rules, "w", encoding="ascii") as file:
        file.write(RULES.format(event=event))
    with made.Runs(image, memory=MEMORY, more=words(disk, rules)) as runs:
        return runs.run("swap=32M /t/pager", SIZES)


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(prefix="kerne-") as folder:
        tree = made.Tree()
        tree.add("t/pager", made.compiled(folder, "pager"))
        image = made.make_image(folder, tree.bytes(),
                                ("parents/store", "children/disk"))
        for name, event, status, line in (
                ("reads", "read_aio", BUS_ERROR, "cannot bring a page of swap"),
                ("writes", "write_aio", KILLED, "cannot keep a page of swap")):
            said = said_beside(folder, image, event)
            made.tell_points(writer, name, said)
            writer.point(f"ended {status}" in said, f"{name}.who_needs_it_ends",
                         said)
            writer.point(any(line in text for text in said), f"{name}.is_told",
                         said)
    writer.end()


if __name__ == "__main__":
    main()
