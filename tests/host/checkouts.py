#!/usr/bin/python3
"""A checkout that was copied, renamed, cloned with other line ends, reached by
a link, or that belongs to somebody else: ./run builds, and boots."""
import json
import os
import shutil
import subprocess
import tempfile

from script import Ended, HERE, refused

import tap # found by way of script

NOBODY = 65534
# All of this would break the target, or make `cd` go elsewhere.
HARMFUL = {"CFLAGS": "-flto -g3", "CPPFLAGS": "-DNULL=1", "CC": "false",
           "LDFLAGS": "-Wl,--no-such-option", "CPATH": "/usr/include",
           "CDPATH": "/:/tmp", "PYTHONHOME": "/nowhere"}
BOOTS = "halt\n"


def git(folder, *words):
    return subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", *words],
        cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def copy_of_this(folder):
    """What a clone would have; this one may be read-only."""
    shutil.copytree(HERE, folder, symlinks=True,
                    ignore=shutil.ignore_patterns("build", ".git",
                                                  "__pycache__"))
    subprocess.run(["chmod", "-R", "u+w", folder], check=True)


def copy_build_folder(folder):
    """As far as it matters."""
    source = os.environ.get("KERNE_BUILD", os.path.join(HERE, "build"))
    os.mkdir(os.path.join(folder, "build"))
    for name in ("meson-info", "meson-private"):
        shutil.copytree(os.path.join(source, name),
                        os.path.join(folder, "build", name))
    shutil.copy(os.path.join(source, "build.ninja"),
                os.path.join(folder, "build"))


def commands(build):
    with open(os.path.join(build, "compile_commands.json"),
              encoding="utf-8") as file:
        return json.load(file)


def copied(writer, folder, env):
    """By its owner, with a blank in its name, through a link to ./run."""
    checkout = os.path.join(folder, "a copy")
    copy_of_this(checkout)
    copy_build_folder(checkout)
    git(folder, "init", "--quiet")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "another")
    os.symlink(os.path.join(checkout, "run"), os.path.join(folder, "kerne"))
    ended = Ended(["./kerne"], BOOTS, cwd=folder, env=dict(env, **HARMFUL))
    writer.point(ended.status == 0, "checkout.copied.boots", ended.why())
    writer.point(f"made for {HERE}; it is made anew" in ended.err,
                 "checkout.copied.says_so", ended.why())
    writer.point("Kerne unknown" in ended.err,
                 "checkout.copied.is_not_what_is_around_it", ended.why())
    build = os.path.join(checkout, "build")
    words = " ".join(entry["command"] for entry in commands(build))
    writer.point(HERE + "/" not in words, "checkout.copied.is_itself")
    writer.point(not any(text in words for text in (
        "-flto", "-g3", "-DNULL", "no-such-option")),
        "checkout.environment_does_not_reach_the_target")
    return checkout


def streams(writer, checkout, env):
    """Those that are closed, and a run that has nothing to build."""
    for number, stream in enumerate(("stdin", "stdout", "stderr")):
        ended = Ended(["sh", "-c", f"exec ./run -m 32M {number}>&-"], BOOTS,
                      cwd=checkout, env=env)
        writer.point("Traceback" not in ended.err and
                     ended.status == (0 if number else 1) and
                     "Configuring" not in ended.err,
                     f"checkout.closed.{stream}", ended.why())
    for words in (["./run", "--with", "gone.c"], ["bash", "run", "-m", "abc"]):
        ended = Ended(words, cwd=checkout, env=env)
        refused(writer, f"checkout.failure_is_no_success.{words[1]}", ended)
    ended = Ended(["./run", "--help"], cwd=checkout, env=env)
    writer.point(ended.status == 0 and not ended.err, "checkout.help",
                 ended.why())


def somebody_else(writer, folder, checkout, env):
    """Renamed since it was built, and not writable for who runs it."""
    renamed = os.path.join(folder, "class")
    os.rename(checkout, renamed)
    git(renamed, "init", "--quiet")
    git(renamed, "add", "run")
    git(renamed, "commit", "--quiet", "--message", "run")
    home = os.path.join(folder, "home")
    os.mkdir(home)
    other = []
    if os.geteuid() == 0:
        os.chown(home, NOBODY, NOBODY)
        other = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}",
                 "--clear-groups"]
    subprocess.run(["chmod", "-R", "a+rX,a-w", renamed], check=True)
    env = dict(env, HOME=home, CDPATH="/")
    try:
        for name in ("builds", "builds_once"):
            ended = Ended(other + ["../class/run"], BOOTS, cwd=home, env=env)
            writer.point(ended.status == 0 and ("Configuring" in ended.err) ==
                         (name == "builds"), f"checkout.somebody_else.{name}",
                         ended.why())
        places = os.listdir(os.path.join(home, ".cache", "kerne"))
        writer.point(len(places) == 1 and places[0].startswith("class-"),
                     "checkout.somebody_else.in_the_cache", places)
        version = git(renamed, "rev-parse", "--short", "HEAD")
        writer.point(f"Kerne {version}" in ended.err,
                     "checkout.somebody_else.has_its_version", ended.why())
        refused(writer, "checkout.somebody_else.without_a_home",
                Ended(other + ["../class/run"], BOOTS, cwd=home,
                      env=dict(env, HOME="/proc")), "KERNE_BUILD names another")
    finally:
        subprocess.run(["chmod", "-R", "u+w", renamed], check=True)


def line_ends(writer, folder):
    """A clone on a computer whose lines end otherwise."""
    first = os.path.join(folder, "first")
    copy_of_this(first)
    git(first, "init", "--quiet")
    git(first, "add", "--all")
    git(first, "commit", "--quiet", "--message", "all")
    git(folder, "-c", "core.autocrlf=true", "clone", "--quiet", first, "clone")
    found = subprocess.run(["grep", "-rlI", "\r", "--exclude-dir=.git",
                            os.path.join(folder, "clone")],
                           capture_output=True, text=True, check=False)
    writer.point(found.returncode == 1, "checkout.line_ends",
                 found.stdout.splitlines()[:10])


def not_ours(writer, folder, env):
    """A folder of somebody else's is not thrown away."""
    strange = os.path.join(folder, "strange")
    os.makedirs(os.path.join(strange, "meson-info"))
    for name, text in (("build.ninja", ""), ("meson-info/meson-info.json",
                       '{"directories": {"source": "/a", "build": "/b"}}'),
                       ("meson-info/intro-projectinfo.json",
                        '{"descriptive_name": "strange"}')):
        with open(os.path.join(strange, name), "w", encoding="utf-8") as file:
            file.write(text)
    refused(writer, "checkout.build_folder_of_another_project",
            Ended([os.path.join(HERE, "run")], BOOTS,
                  env=dict(env, KERNE_BUILD=strange)), "of something else")
    writer.point(os.path.exists(os.path.join(strange, "build.ninja")),
                 "checkout.build_folder_of_another_project.stays")


def main():
    writer = tap.Writer()
    env = {name: value for name, value in os.environ.items()
           if name not in ("KERNE_BUILD", "XDG_CACHE_HOME")}
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        checkout = copied(writer, folder, env)
        streams(writer, checkout, env)
        somebody_else(writer, folder, checkout, env)
        line_ends(writer, folder)
        not_ours(writer, folder, env)
    writer.end()


if __name__ == "__main__":
    main()
