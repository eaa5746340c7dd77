#!/usr/bin/python3
"""What Linux's calls do and what they refuse, by programs without a library:
each runs under s, and all that linux was given comes back.
"""
import os
import tarfile
import tempfile

import elves
import made

import linux  # found by way of made
import root_tree
import tap

NAMES = ("memory", "processes", "files", "corners", "herd", "terminals",
         "signals", "handlers", "polls", "hogs", "proc",
         "events", "random", "vectors",
         "epolls", "load", "locks", "sockets", "parcels", "fifos", "times",
         "timers", "queued", "fuzz",
         "maps", "execs", "futexes")


def tree(folder):
    tree = made.Tree()
    for name in NAMES + ("said",):
        tree.add(f"t/{name}", made.compiled(folder, name))
    program = made.compiled(folder, "said")
    tree.add("t/text", b"Plain words.")
    tree.add("t/plain", b"Plain words.", mode=0o644)
    tree.add("t/short", program[:100])
    tree.add("t/script", b"#! /t/said  one word \n")
    tree.add("t/loop", b"#!/t/loop\n")
    tree.add("t/overlaps", elves.overlapping(False))
    tree.add("t/overlaps_stores", elves.overlapping(True))
    tree.add("t/link", kind=tarfile.SYMTYPE, link="said")
    return tree.bytes()


def image_of_pages(folder):
    """One in which files lie so that their pages can be lent."""
    tree = root_tree.Tree()
    for name in ("again", "tiny"):
        tree.put(f"t/{name}", tarfile.REGTYPE, 0o755,
                 made.compiled(folder, name))
    tree.add_usual()
    path = os.path.join(folder, "pages.tree")
    with open(path, "wb") as file:
        tree.write(file)
    return linux.add_tree(os.path.join(made.BUILD, "image.tar"), path)[0]


def tell_of_pages(writer, folder):
    with image_of_pages(folder) as image, made.Runs(image.name) as runs:
        made.tell_points(writer, "again", runs.run("/t/again"))
        before = runs.accounts()
        runs.run("/t/again")
        writer.point(runs.accounts() == before, "again.all_comes_back",
                     [str(before), str(runs.accounts())])


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(prefix="kerne-") as folder:
        image = made.make_image(folder, tree(folder), system=made.POISONED)
        with made.Runs(image) as runs:
            before = runs.accounts()
            for name in NAMES:
                made.tell_points(writer, name, runs.run(f"/t/{name}"))
            said = runs.run("/t/link 'two words' '' x")
            writer.point(said[-1] == "linux finished, status 4",
                         "arguments.are_quoted", said)
            writer.point(runs.accounts() == before, "all_comes_back",
                         [str(before), str(runs.accounts())])
        tell_of_pages(writer, folder)
    writer.end()


if __name__ == "__main__":
    main()
