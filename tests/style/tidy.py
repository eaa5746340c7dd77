#!/usr/bin/python3
"""clang-tidy finds nothing in the nucleus, the programs and the parents.

It is slow, so what it said of a file is kept in the build directory, until
the file, a header or the rules change.
"""
import concurrent.futures
import hashlib
import json
import os
import shutil
import subprocess

import includes
import sources

import cross  # found by way of sources
import tap

NUCLEUS = ["--target=riscv64-unknown-elf", "-march=rv64imac", "-mabi=lp64",
           "-ffreestanding", "-std=gnu11", "-DKERNE_CHECKS=1",
           "-DKERNE_FAST=1"]
PROGRAM = ["--target=riscv64-unknown-elf", "-march=rv64gc", "-mabi=lp64d",
           "-std=gnu11", f"-isystem{cross.include_folders()[0]}"]
# With all its functions inlined the analysis takes five times as long.
SHALLOW = [f"--extra-arg={word}" for word in
           ("-Xclang", "-analyzer-config", "-Xclang", "mode=shallow")]


def command_for(path):
    flags = NUCLEUS if path.startswith(("nucleus/", "arch/", "boot/")) \
        else PROGRAM
    folders = includes.rule_of(path)[0] + [os.path.dirname(path)]
    return ["clang-tidy", "--quiet", *SHALLOW, path, "--", *flags,
            *(f"-I{folder}" for folder in folders)]


def tidy(path):
    """What clang-tidy says of a file."""
    result = subprocess.run(command_for(path), cwd=sources.HERE,
                            capture_output=True, text=True, check=False)
    return [line.replace(sources.HERE + "/", "")
            for line in result.stdout.splitlines()
            if ": warning:" in line or ": error:" in line]


class Memory:
    """What clang-tidy said of the same text before."""

    def __init__(self):
        self.folder = os.path.join(sources.BUILD, "tidy")
        os.makedirs(self.folder, exist_ok=True)
        self.common = hashlib.sha256()
        for path in [".clang-tidy", *sources.files((".h", ".def"))]:
            self.common.update(sources.read(path).encode())

    def recall(self, path):
        key = self.common.copy()
        key.update(" ".join(command_for(path)).encode())
        key.update(sources.read(path).encode())
        kept = os.path.join(self.folder, key.hexdigest())
        if os.path.exists(kept):
            with open(kept, encoding="utf-8") as file:
                return json.load(file)
        found = tidy(path)
        with open(kept + f".{os.getpid()}", "w", encoding="utf-8") as file:
            json.dump(found, file)
        os.replace(file.name, kept)
        return found


def main():
    writer = tap.Writer()
    if not shutil.which("clang-tidy"):
        writer.skip("tidy", "clang-tidy is not installed")
        writer.end()
    paths = sources.files((".c",), ("nucleus", "arch", "boot", "children",
                                    "parents"))
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for path, found in zip(paths, pool.map(Memory().recall, paths)):
            writer.point(not found, f"tidy.{path}", found)
    writer.end()


if __name__ == "__main__":
    main()
