#!/usr/bin/python3
"""What ./run --linux fetches: packages from a mirror, into a cache, and into a
tree.

The mirror is one of this test's own, with packages of its own.
"""
import contextlib
import functools
import hashlib
import http.server
import io
import os
import subprocess
import sys
import tarfile
import tempfile
import threading

from script import HERE, RUN, Ended, refused, run

import tap # found by way of script

import debian # noqa: E402 (found by way of script)
import linux # noqa: E402 (found by way of script)
import root_tree # noqa: E402

PAGE = 4096
DEAD = "http://127.0.0.1:9/debian" # nobody listens at the port for nothing
CONTROL = """\
Package: {0}
Version: 1
Architecture: all
Maintainer: nobody
Description: of a test
"""
RELEASE = """\
Suite: {0}
Components: main
Architectures: {1}
SHA256:
 {2} {3} main/binary-{1}/Packages
"""
# A script as packages have it, with which several programs may be `one`.
POSTINST = """\
#!/bin/sh
if [ "$1" = configure ]; then
    update-alternatives --install /usr/bin/chosen chosen /usr/bin/one 20 \\
        --slave /usr/share/man/man1/chosen.1 chosen.1 /usr/share/man/man1/one.1
    update-alternatives --quiet \\
        --install /bin/chosen chosen /bin/two 30
    update-alternatives --install /usr/bin/lost lost /usr/bin/not-there 1
    update-alternatives --install /usr/bin/$name name /usr/bin/one 1
    update-alternatives --install /usr/bin/two two /usr/bin/one 99
fi
"""
BIG = bytes(range(256)) * 100 # of no whole number of pages
SHORT = b"short\n"


def build(folder, name, files, more=""):
    """A package; `files` makes them, in a folder.  Its path."""
    root = os.path.join(folder, name)
    os.makedirs(os.path.join(root, "DEBIAN"))
    with open(os.path.join(root, "DEBIAN", "control"), "w",
              encoding="utf-8") as file:
        file.write(CONTROL.format(name) + more)
    files(root)
    path = os.path.join(folder, "pool", f"{name}_1_all.deb")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    subprocess.run(["dpkg-deb", "--root-owner-group", "-b", root, path],
                   check=True, stdout=subprocess.DEVNULL)
    return path


def write(data, *path, mode=0o644):
    os.makedirs(os.path.dirname(os.path.join(*path)), exist_ok=True)
    with open(os.path.join(*path), "wb") as file:
        file.write(data)
    os.chmod(os.path.join(*path), mode)


def files_of_one(root):
    write(BIG, root, "usr/bin/one", mode=0o4755)
    write(SHORT, root, "bin/two")
    write(b"", root, "usr/share/empty")
    write(SHORT, root, "usr/share/doc/one/copyright")
    write(POSTINST.encode(), root, "DEBIAN/postinst", mode=0o755)
    os.makedirs(os.path.join(root, "var/lib/one"), 0o700)
    os.chmod(os.path.join(root, "var/lib/one"), 0o700)
    os.symlink("one", os.path.join(root, "usr/bin/also"))
    os.link(os.path.join(root, "usr/bin/one"),
            os.path.join(root, "usr/bin/a-link"))
    os.utime(os.path.join(root, "usr/bin/one"), (1000000, 1000000))


def files_of_other(root):
    write(b"other\n", root, "usr/bin/two")
    write(b"other\n", root, "usr/bin/three")


def look_at_tree(writer, packages):
    """What an archive has of two packages."""
    tree = root_tree.Tree()
    for path in packages:
        tree.add_package(path)
    tree.add_usual()
    made = io.BytesIO()
    tree.write(made)
    made.seek(0)
    with tarfile.open(fileobj=made) as archive:
        members = {member.name: member for member in archive.getmembers()}
        names = list(members)
        bytes_of = {name: archive.extractfile(member).read()
                    for name, member in members.items() if member.isfile()}

    def point(name, good, *why):
        writer.point(good, f"tree.{name}", [str(one) for one in why])

    one = members["usr/bin/a-link"]
    link = members["usr/bin/one"]
    point("bytes", bytes_of["usr/bin/a-link"] == BIG and
          bytes_of["usr/share/empty"] == b"")
    point("pages", all(member.offset_data % PAGE == 0
                       for member in members.values()
                       if member.isfile() and member.size))
    point("modes_and_times", (one.mode, one.mtime, one.uid) ==
          (0o4755, 1000000, 0), oct(one.mode), one.mtime, one.uid)
    point("hard_link_behind_its_file", link.islnk() and
          link.linkname == one.name and
          names.index(link.name) > names.index(one.name), link.linkname)
    point("symbolic_link", members["usr/bin/also"].issym() and
          members["usr/bin/also"].linkname == "one")
    point("empty_folder", members["var/lib/one"].isdir() and
          members["var/lib/one"].mode == 0o700)
    point("merged", "bin/two" not in members and members["bin"].issym() and
          bytes_of["usr/bin/two"] == SHORT, names)
    point("the_first_of_two", bytes_of["usr/bin/three"] == b"other\n")
    point("alternatives", "usr/bin/chosen" in members and
          members["usr/bin/chosen"].linkname == "/bin/two" and
          members["usr/bin/two"].isfile() and
          not any("lost" in name or "$" in name for name in names), names)
    point("no_documents", not any("share/doc" in name for name in names))
    point("folders_first", all(
        os.path.dirname(name) in ("", *names[:number])
        for number, name in enumerate(names)), names)
    made.seek(0)
    listed = subprocess.run(["tar", "-t"], input=made.read(),
                            capture_output=True, check=False)
    point("tar_reads_it", listed.returncode == 0 and not listed.stderr and
          len(listed.stdout.splitlines()) == len(names), listed.stderr)


def pin(folder, paths, digest=None):
    """A file like tools/linux.pins."""
    with open(os.path.join(folder, f"pins{digest}"), "w",
              encoding="utf-8") as file:
        file.write("snapshot 20000101T000000Z\n")
        for path in paths:
            with open(path, "rb") as package:
                data = package.read()
            name = os.path.basename(path).split("_", maxsplit=1)[0]
            file.write(f"{name} 1 {len(data)} "
                       f"{digest or hashlib.sha256(data).hexdigest()} "
                       f"pool/{os.path.basename(path)} base\n")
    return file.name


@contextlib.contextmanager
def mirror(folder):
    """Serves it; its address."""
    class Silent(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Silent, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def fetched(cache, pins, mirrors, names=()):
    """A tree's path; or what is said in its place, and how it ends."""
    linux.PINS = pins
    sys.argv[0] = RUN # in whose name it speaks
    os.environ.update(XDG_CACHE_HOME=cache, KERNE_DEBIAN=mirrors)
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        try:
            return linux.tree(list(names)), said.getvalue()
        except SystemExit as end:
            return None, said.getvalue() + str(end.code)


def look_at_fetching(writer, folder, packages):
    def point(name, good, *why):
        writer.point(good, f"fetch.{name}", [str(one) for one in why])

    def kept(cache):
        return sorted(name for _, _, names in os.walk(
            os.path.join(folder, cache, "kerne", "linux", "packages"))
                      for name in names)

    def cache(name):
        return os.path.join(folder, name)

    good = pin(folder, packages)
    with mirror(folder) as here:
        path, said = fetched(cache("a"), good, here)
        point("says_what", path and "2 packages" in said and
              "  one other" in said and here in said, said)
        again, said = fetched(cache("a"), good, DEAD)
        point("once", again == path and not said, said)
        os.unlink(path)
        again, said = fetched(cache("a"), good, DEAD)
        point("tree_of_what_is_kept", again == path and not said, said)
        broken = os.path.join(cache("a"), "kerne", "linux", "packages",
                              os.path.basename(packages[0]))
        write(b"broken", broken)
        os.unlink(path)
        again, said = fetched(cache("a"), good, here)
        point("what_is_broken_anew", again == path and
              "1 packages" in said, said)
        path, said = fetched(cache("b"), good, f"{here}/gone {here}")
        point("from_the_second", path, said)
        path, said = fetched(cache("c"), pin(folder, packages, "0" * 64), here)
        point("no_other_bytes", not path and "Hash Sum" in said and
              kept("c") == [], said, kept("c"))
        path, said = fetched(cache("c"), good, f"{here}/gone")
        point("gone", not path and "404" in said and "--renew" in said and
              kept("c") == [], said)
    path, said = fetched(cache("c"), good, DEAD)
    point("no_network", not path and "rest of Kerne works" in said, said)
    for name in ("Upper", "-o", "two words", ""):
        path, said = fetched(cache("c"), good, DEAD, [name])
        point(f"name `{name}`", not path and "no name of a package" in said,
              said)


def indexed(folder, paths):
    """The mirror's index of packages, which apt reads."""
    release, kind = linux.RELEASE, linux.ARCHITECTURE
    records = []
    for path in paths:
        with open(path, "rb") as file:
            data = file.read()
        control = subprocess.run(["dpkg-deb", "--field", path], check=True,
                                 text=True, stdout=subprocess.PIPE).stdout
        records.append(f"{control}Filename: pool/{os.path.basename(path)}\n"
                       f"Size: {len(data)}\n"
                       f"SHA256: {hashlib.sha256(data).hexdigest()}\n")
    index = "\n".join(records).encode()
    suite = os.path.join(folder, "dists", release)
    write(index, suite, "main", f"binary-{kind}", "Packages")
    write(RELEASE.format(release, kind, hashlib.sha256(index).hexdigest(),
                         len(index)).encode(), suite, "Release")


def look_at_resolving(writer, folder):
    """What one asks apt for; its index is not signed here."""
    def files_of(name):
        return lambda root: write(SHORT, root, "usr/bin", name)

    packages = [build(folder, "ground", files_of("ground"))] + [
        build(folder, name, files_of(name), f"Depends: {needs}\n")
        for name, needs in (("light", "ground"), ("exact", "ground (= 1)"),
                            ("late", "ground (= 2)"))]
    indexed(folder, packages)
    linux.TAKEN_AS_THERE = ["ground", "light"]
    debian.SOURCE = debian.SOURCE.replace("Signed-By: {}", "Trusted: yes")
    debian.KEYS = folder
    good = pin(folder, [])
    with mirror(folder) as here:
        for name, has in (("light", False), ("exact", True), ("ground", True)):
            path, said = fetched(os.path.join(folder, "e"), good, here, [name])
            names = []
            if path:
                with tarfile.open(path) as archive:
                    names = archive.getnames()
            writer.point(f"usr/bin/{name}" in names and
                         ("usr/bin/ground" in names) == has, f"resolve.{name}",
                         [said, str(names)])
        path, said = fetched(os.path.join(folder, "e"), good, here, ["late"])
        writer.point(not path and "late : Depends: ground (= 2)" in said,
                     "resolve.late", [said])


def look_at_run(writer, folder):
    """The script itself, where there is no network."""
    where = dict(os.environ, XDG_CACHE_HOME=os.path.join(folder, "d"),
                 KERNE_DEBIAN=DEAD)
    refused(writer, "run.no_network", run("--linux", env=where),
            "--linux: ", "rest of Kerne works")
    refused(writer, "run.no_package", run("--linux", "No", env=where),
            "`No` is no name of a package")
    ended = Ended([sys.executable, os.path.join(HERE, "tools", "linux.py")])
    refused(writer, "tool.nothing_to_do", ended, "--renew")


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory() as folder:
        packages = [build(folder, "one", files_of_one),
                    build(folder, "other", files_of_other)]
        look_at_tree(writer, packages)
        look_at_run(writer, folder)
        look_at_fetching(writer, folder, packages)
        look_at_resolving(writer, folder)
    writer.end()


if __name__ == "__main__":
    main()
