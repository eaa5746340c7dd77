#!/usr/bin/python3
"""Makes a boot image: a plain ustar archive whose second member is the root.

    tools/image.py --output image.tar s console hello motd.txt

A member has the name of its file, without ".elf".  The first member is the
root loader (parents/loader); it has the name of the root, because from it the
nucleus takes the root's name.  The archive is the same for the same files,
whenever and wherever it is made.
"""
import argparse
import io
import os
import re
import subprocess
import sys
import tarfile
import tempfile

import cross


# What s takes as one word, and an archive as a name.
NAME = re.compile("[!#-~]{1,100}")


def check_name(name, path, by="image.py"):
    if not NAME.fullmatch(name):
        raise SystemExit(
            f"{by}: {path} would be called `{name}`, which no command "
            "could name: 1 to 100 letters, digits and signs, no blank, no \"")


def contents(path, strip):
    """The file's bytes; of a program, without what only debuggers need."""
    with open(path, "rb") as file:
        data = file.read()
    if not strip or data[:4] != b"\x7fELF":
        return data
    with tempfile.TemporaryDirectory() as folder:
        stripped = os.path.join(folder, "stripped")
        if subprocess.run([strip, "-o", stripped, path],
                          check=False).returncode != 0:
            raise SystemExit(
                f"image.py: {path} goes into no image: {strip} has failed; if "
                f"{tempfile.gettempdir()} is full, TMPDIR names another folder")
        with open(stripped, "rb") as file:
            return file.read()


def built(*path):
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    build = os.environ.get("KERNE_BUILD", os.path.join(here, "build"))
    return os.path.join(build, *path)


def usual_loader():
    return built("parents", "root-loader.bin")


def make_image(output, paths, strip, loader):
    names = [os.path.basename(path).removesuffix(".elf") for path in paths]
    for name, path in zip(names, paths):
        check_name(name, path)
        if names.count(name) > 1:
            raise SystemExit(f"image.py: two files are called {name}; "
                             "the names in an image must differ")
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w",
                      format=tarfile.USTAR_FORMAT) as tar:
        for name, path in zip(names[:1] + names, [loader] + paths):
            data = contents(path, strip)
            member = tarfile.TarInfo(name)
            member.size = len(data)
            member.mode = 0o755
            tar.addfile(member, io.BytesIO(data))
    with open(output, "wb") as file:
        file.write(archive.getvalue())


def make_of_built(output, programs):
    """For tests: an image of programs of the build directory, `parents/s`."""
    make_image(output, [built(program + ".elf") for program in programs],
               cross.STRIP, usual_loader())
    return output


def main():
    parser = argparse.ArgumentParser(
        description="Make a boot image; the first file is the root parent, "
                    "and the root loader is put before it.")
    parser.add_argument("--output", required=True, metavar="IMAGE")
    parser.add_argument("--strip", metavar="STRIP",
                        help="program that strips symbols from ELF files")
    parser.add_argument("--loader", metavar="FILE", default=usual_loader(),
                        help="the root loader (default: of the build "
                        "directory)")
    parser.add_argument("file", nargs="+")
    arguments = parser.parse_args()
    try:
        make_image(arguments.output, arguments.file, arguments.strip,
                   arguments.loader)
    except OSError as error:
        sys.exit(f"image.py: {error.filename}: {error.strerror}")


if __name__ == "__main__":
    main()
