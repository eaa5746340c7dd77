#!/usr/bin/python3
"""Other systems than Debian 12: on each, in a folder made of its packages,
`./run` installs what it needs, builds, and boots; and so it does there a second
time, as a user who is not root.  So it does in the container of Containerfile,
which what editors read names.

It takes minutes and several hundred megabytes for each, so it is done with
--scale only.  Wants root, mmdebstrap, and the archives of Debian and Ubuntu.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import script

import tap  # found by way of script

DEBIAN = "http://deb.debian.org/debian"
SYSTEMS = [
    ("debian_12", "bookworm", DEBIAN, "main"),
    ("debian_13", "trixie", DEBIAN, "main"),
    ("debian_testing", "testing", DEBIAN, "main"),
    ("ubuntu_24_04", "noble", "http://archive.ubuntu.com/ubuntu",
     "main universe"),
]
DEADLINE = 900 # seconds
TYPED = "new hello run\nhalt\n"
# A mount of one's own, so that none is left.
INSIDE = """
mount --rbind /dev "$1/dev" && mount -t proc proc "$1/proc" &&
cp /etc/resolv.conf "$1/etc/resolv.conf" && shift && exec "$@"
"""
# In a folder with a Debian 12, root, and the tree, kerne: the image with which
# Containerfile begins, the one that it makes of it, and ./run there.
CONTAINER = """
set -e
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
store="--root $PWD/store --runroot $PWD/run"
base=$(buildah $store from scratch)
buildah $store copy --quiet "$base" root /
buildah $store commit --quiet "$base" "$1"
buildah $store build --pull=never --tag kerne kerne
made=$(buildah $store from --pull=never kerne)
exec buildah $store run --volume "$PWD/kerne:/kerne" "$made" ./run
"""


def make_root(folder, suite, archive, parts):
    """A small system of that kind; what was wrong, or None.  Its packages are
    not verified: nothing of it runs anywhere else."""
    made = script.Ended([
        "mmdebstrap", "--mode=root", "--variant=apt", "--quiet",
        "--aptopt=Acquire::Check-Valid-Until \"false\"", suite, folder,
        f"deb [trusted=yes] {archive} {suite} {parts}"], deadline=DEADLINE)
    return None if made.status == 0 else made.err.strip().splitlines()[-1:]


def inside(folder, *words):
    """Runs a command there, as somebody with an empty environment."""
    return script.Ended(
        ["unshare", "--mount", "sh", "-c", INSIDE, "sh", folder, "chroot",
         folder, "env", "-i", "HOME=/tmp", "TERM=dumb",
         "PATH=/usr/sbin:/usr/bin:/sbin:/bin", *words],
        typed=TYPED, deadline=DEADLINE)


def copy_of_tree(folder):
    """What git knows of, as it is here."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=script.HERE,
                           stdout=subprocess.PIPE, check=True).stdout
    os.mkdir(folder)
    subprocess.run(["cp", "-P", "--parents", "-t", folder,
                    *names.decode().strip("\0").split("\0")],
                   cwd=script.HERE, check=True)


def try_one(writer, name, suite, archive, parts):
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        root = os.path.join(folder, suite)
        wrong = make_root(root, suite, archive, parts)
        if wrong is not None:
            writer.skip(f"system.{name}", f"it cannot be made: {wrong}")
            return
        copy_of_tree(os.path.join(root, "kerne"))
        for who, words in (("root", []), ("user", ["setpriv", "--reuid=nobody",
                           "--regid=nogroup", "--clear-groups"])):
            ended = inside(root, *words, "/kerne/run")
            writer.point(ended.status == 0 and "Hello." in ended.out and
                         "switches the machine off" in ended.out,
                         f"system.{name}.{who}", ended.why())


def container_is_described(writer):
    """Each file that the descriptions name is there; the base's name."""
    folder = os.path.join(script.HERE, ".devcontainer")
    with open(os.path.join(folder, "devcontainer.json"),
              encoding="utf-8") as file:
        build = json.load(file)["build"]
    recipe = os.path.join(folder, build["dockerfile"])
    with open(recipe, encoding="utf-8") as file:
        text = file.read()
    copied = re.findall(r"^COPY (\S+)", text, re.MULTILINE)
    writer.point(os.path.samefile(os.path.join(folder, build["context"]),
                                  script.HERE) and
                 os.path.samefile(os.path.dirname(recipe), script.HERE) and
                 copied and all(os.path.isfile(os.path.join(script.HERE, name))
                                for name in copied),
                 "container.is_described", [str(build), str(copied)])
    return re.search(r"^FROM (\S+)", text, re.MULTILINE)[1]


def try_container(writer, base):
    _, suite, archive, parts = SYSTEMS[0]
    if not shutil.which("buildah"):
        writer.skip("container.builds", "there is no buildah")
        return
    with tempfile.TemporaryDirectory() as folder:
        wrong = make_root(os.path.join(folder, "root"), suite, archive, parts)
        if wrong is not None:
            writer.skip("container.builds", f"it has no base: {wrong}")
            return
        copy_of_tree(os.path.join(folder, "kerne"))
        ended = script.Ended(["sh", "-c", CONTAINER, "sh", base], TYPED,
                             cwd=folder, deadline=2 * DEADLINE)
        writer.point(ended.status == 0 and "Hello." in ended.out,
                     "container.builds", ended.why())


def why_not():
    if sys.argv[1:] != ["--scale"]:
        return "it takes minutes: ./check host systems --scale"
    if os.geteuid() != 0:
        return "only root can make a folder another system's"
    return None if shutil.which("mmdebstrap") else "there is no mmdebstrap"


def main():
    writer = tap.Writer()
    reason = why_not()
    base = container_is_described(writer)
    if reason is None:
        try_container(writer, base)
    else:
        writer.skip("container.builds", reason)
    for system in SYSTEMS:
        if reason is None:
            try_one(writer, *system)
        else:
            writer.skip(f"system.{system[0]}", reason)
    writer.end()


if __name__ == "__main__":
    main()
