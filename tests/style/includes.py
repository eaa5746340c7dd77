#!/usr/bin/python3
"""Who may include whom, no cycles, and each header compiles alone."""
import json
import os
import re
import shlex
import subprocess

import sources

import tap  # found by way of sources

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
GUARD = re.compile(r"^#ifndef (\w+)\n#define \1\b|^#pragma once", re.MULTILINE)

NUCLEUS = ["nucleus", "nucleus/abi", "arch/riscv"]
PROGRAM = ["nucleus/abi", "children/lib"]
PARENT = ["parents/lib", "parents/lib/have", "parents/lib/make",
          "parents/lib/pager", "parents/lib/serve", "parents/lib/talk",
          "parents/lib/inspect", "parents/lib/catalog"]
# Where an include of a folder's files is looked for, and what may be found:
# the longest folder that fits a file counts.
RULES = {
    "nucleus": (NUCLEUS, ("nucleus/", "arch/riscv/machine.h")),
    "nucleus/abi": (["nucleus/abi"], ("nucleus/abi/",)),
    "arch": (NUCLEUS, ("nucleus/", "arch/")),
    "boot": (NUCLEUS + ["boot"], ("nucleus/", "boot/")),
    "boot/riscv": (NUCLEUS + ["boot"], ("nucleus/", "boot/", "arch/")),
    "children": (PROGRAM, ("nucleus/abi/", "children/")),
    "parents": (PROGRAM + PARENT,
                ("nucleus/abi/", "children/", "parents/")),
    "parents/linux": (PROGRAM + PARENT + ["parents/linux"],
                      ("nucleus/abi/", "children/", "parents/")),
    # The core of the store, which knows no nucleus.
    "parents/store": ([], ("parents/store/",)),
    "parents/store/serve": (PROGRAM + PARENT + ["parents/store"],
                            ("nucleus/abi/", "children/", "parents/")),
    "tests": (PROGRAM + PARENT + ["tests/lib"],
              ("nucleus/abi/", "children/", "parents/", "tests/")),
    "tests/unit": (["tests/unit"] + NUCLEUS + ["boot"],
                   ("nucleus/", "tests/unit/", "arch/", "boot/")),
    "tests/unit/loader": (["nucleus/abi", "parents/loader",
                           "tests/unit"] + PARENT,
                          ("nucleus/abi/", "parents/", "tests/unit/")),
    "tests/unit/store": (["parents/store", "parents/store/serve",
                          "tests/unit", "tests/unit/library", "children/lib",
                          "nucleus/abi"],
                         ("parents/store/", "tests/unit/", "children/lib/",
                          "nucleus/abi/")),
    # A program of this computer, and of the page.
    "view/machine": (["view/machine", "view/watch"], ("view/",)),
    "tests/view": (["view/machine"], ("tests/view/", "view/machine/")),
}
# The nucleus stands alone: of the language only what needs no library.
MADE = {"offsets.h"} # by the build
FREESTANDING = {"stdbool.h", "stddef.h", "stdint.h", "stdalign.h", "stdarg.h",
                "stdnoreturn.h", "limits.h"}


def rule_of(path):
    fits = [folder for folder in RULES if path.startswith(folder + "/")]
    return RULES[max(fits, key=len)]


def resolve(path, quote, name):
    """The file of this tree that an include means; None: a system header."""
    own = os.path.dirname(path)
    for folder in ([own] if quote == '"' else []) + rule_of(path)[0] + [own]:
        found = os.path.normpath(os.path.join(folder, name))
        if os.path.isfile(os.path.join(sources.HERE, found)):
            return found
    return None


def forbidden(path, name, target):
    """Whether a file may not include what it includes."""
    if target is None:
        return path.startswith(("nucleus/", "arch/", "boot/")) and \
            name not in FREESTANDING | MADE
    return not target.startswith(rule_of(path)[1])


def find_cycle(graph):
    """A list of headers that include each other in a ring, or none."""
    done = set()

    def walk(node, path):
        if node in path:
            return path[path.index(node):] + [node]
        if node in done:
            return []
        for target in graph.get(node, ()):
            ring = walk(target, path + [node])
            if ring:
                return ring
        done.add(node)
        return []

    for node in graph:
        ring = walk(node, [])
        if ring:
            return ring
    return []


def compilers():
    """For each folder, a command that compiles a C file of it."""
    with open(os.path.join(sources.BUILD, "compile_commands.json"),
              encoding="utf-8") as file:
        entries = json.load(file)
    commands = {}
    for entry in entries:
        path = os.path.normpath(os.path.join(entry["directory"],
                                             entry["file"]))
        if not path.endswith(".c"):
            continue
        words = []
        skip = False
        for word in shlex.split(entry["command"]):
            if skip or word in (entry["file"], "-c", "-MD"):
                skip = False
            elif word in ("-o", "-MQ", "-MF"):
                skip = True
            elif not word.startswith(("-fsanitize", "-fdiagnostics")):
                words.append(word)
        folder = os.path.dirname(os.path.relpath(path, sources.HERE))
        commands.setdefault(folder, (words, entry["directory"]))
    return commands


def command_for(path, commands):
    folder = os.path.dirname(path)
    while folder not in commands:
        if not folder:
            return commands.get("children/lib") or \
                next(iter(commands.values()))
        folder = os.path.dirname(folder)
    return commands[folder]


def compile_alone(path, commands):
    """The compiler's complaints about a file that includes just this one."""
    words, folder = command_for(path, commands)
    looked_in = [f"-I{os.path.join(sources.HERE, name)}"
                 for name in rule_of(path)[0]]
    result = subprocess.run(
        words + looked_in + ["-fsyntax-only", "-Werror", "-Wno-unused-function",
                 "-x", "c", "-"],
        input=f'#include "{os.path.join(sources.HERE, path)}"\n',
        capture_output=True, text=True, cwd=folder, check=False)
    return result.stderr.splitlines() if result.returncode else []


def main():
    writer = tap.Writer()
    graph = {}
    wrong = []
    for path in sources.files((".c", ".h", ".S", ".def")):
        for quote, name in INCLUDE.findall(sources.read(path)):
            target = resolve(path, quote, name)
            if forbidden(path, name, target):
                wrong.append(f"{path} includes {target or name}")
            if target:
                graph.setdefault(path, []).append(target)
    writer.point(bool(graph), "includes.are_read")
    writer.point(not wrong, "includes.only_what_the_layers_allow", wrong)
    ring = find_cycle(graph)
    writer.point(not ring, "includes.no_cycles", [" -> ".join(ring)])

    commands = compilers()
    for path in sources.files((".h",)):
        complaints = compile_alone(path, commands)
        writer.point(not complaints, f"header.alone {path}", complaints)
        writer.point(GUARD.search(sources.read(path)),
                     f"header.guarded {path}", ["no include guard"])
    writer.end()


if __name__ == "__main__":
    main()
