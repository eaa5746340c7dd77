"""Debian's packages, for whatever computer they are, by apt's own client.

The client works in a folder of a cache, with a configuration of its own: it
never touches the packages of this computer, and needs no root.
"""
import os
import re
import shutil
import subprocess
import tempfile
import time

MIRROR = "http://deb.debian.org/debian"
KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
HELPER = "/usr/lib/apt/apt-helper"
PATIENCE = 600 # seconds, for whatever apt does once
NAME = re.compile("[a-z0-9][a-z0-9+.-]+") # what a package may be called
# One package wants another in a version that it does not get.
UNMET = re.compile(r"(?:Pre)?Depends: (\S+) .*but (\S+) is")
URI = re.compile(r"^'[^']+' (?P<name>[^_ ]+)_(?P<version>[^_ ]+)_")
SETTINGS = """\
Dir::State "{0}";
Dir::State::status "{0}/status";
Dir::Cache "{0}";
Dir::Etc::sourcelist "{0}/release.sources";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
APT::Architecture "{1}";
APT::Architectures {{ "{1}"; }};
APT::Update::Error-Mode "any";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Retries "0";
Acquire::http::Timeout "20";
Acquire::Languages "none";
"""
SOURCE = """\
Types: deb
URIs: {}
Suites: {}
Components: main
Signed-By: {}
"""
INSTALLED = """\
Package: {}
Status: install ok installed
Version: {}
Architecture: {}
Multi-Arch: foreign
Maintainer: nobody
Description: taken as there

"""


class Refused(Exception):
    """apt does not do it; says why.  `said`: all its words."""

    def __init__(self, why, said=""):
        super().__init__(why)
        self.said = said


def run(words, **more):
    """What a command prints; Refused, if it fails."""
    try:
        return subprocess.run(words, check=True, text=True, timeout=PATIENCE,
                              stdin=subprocess.DEVNULL, capture_output=True,
                              **more).stdout
    except FileNotFoundError as error:
        raise Refused(f"there is no command {words[0]}") from error
    except subprocess.TimeoutExpired as error:
        raise Refused(f"{words[0]} took more than {PATIENCE} s") from error
    except subprocess.CalledProcessError as error:
        said = (error.stdout + error.stderr).splitlines()
        why = [line.strip() for line in said if UNMET.search(line)] + \
            [line.removeprefix("E: ") for line in said
             if line.startswith("E:")] + said
        raise Refused(why[0] if why else
                      f"{words[0]} ended with {error.returncode}",
                      "\n".join(said)) from error


class Package:
    """One version of a package, and how to know it."""

    def __init__(self, name, version, size, digest, path):
        self.name = name
        self.version = version
        self.size = int(size) # bytes of its file
        self.digest = digest  # SHA256 of that
        self.path = path      # below a mirror

    def file(self):
        return os.path.basename(self.path)


class Client:
    def __init__(self, folder, release, architecture, mirrors):
        """`folder`: its own, made if it is missing; `mirrors`: the first says
        what there is, the others have what it has no more."""
        self.folder = folder
        self.architecture = architecture
        self.mirrors = [mirror.rstrip("/") for mirror in mirrors]
        for path in ("lists/partial", "archives/partial"):
            os.makedirs(os.path.join(folder, path), exist_ok=True)
        # Of this computer's settings only the way to the network.
        proxy = run(["apt-config", "--format", "%f \"%v\";%n", "dump",
                     "Acquire::http::Proxy", "Acquire::https::Proxy"])
        self.write("settings", SETTINGS.format(folder, architecture) + proxy)
        self.write("release.sources",
                   SOURCE.format(self.mirrors[0], release, KEYS))
        self.write("status", "")
        self.environment = dict(os.environ, LC_ALL="C", APT_CONFIG=os.path.join(
            folder, "settings"))

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w",
                  encoding="utf-8") as file:
            file.write(text)

    def run(self, *words):
        return run(list(words), env=self.environment)

    def update(self, older=0):
        """Fetches what packages there are, by Debian's signature; unless that
        is not older than so many seconds."""
        if not os.path.exists(KEYS):
            raise Refused(f"there is no {KEYS}, by which Debian's signature is "
                          "known; the package debian-archive-keyring has it")
        stamp = os.path.join(self.folder, "updated")
        try:
            if 0 <= time.time() - os.stat(stamp).st_mtime < older:
                return
        except FileNotFoundError:
            pass
        self.run("apt-get", "update")
        self.write("updated", "")

    def assume(self, versions):
        """Packages, version by name, that count as installed."""
        self.write("status", "".join(
            INSTALLED.format(name, version, self.architecture)
            for name, version in versions.items()))

    def candidates(self, names):
        """Of these, what there is, by name."""
        found = {}
        for record in self.run("apt-cache", "--no-all-versions", "show",
                               *names).split("\n\n"):
            fields = dict(line.split(": ", 1) for line in record.splitlines()
                          if re.match("[A-Z][A-Za-z0-9-]*: ", line))
            if "Filename" in fields:
                found[fields["Package"]] = Package(
                    fields["Package"], fields["Version"], fields["Size"],
                    fields["SHA256"], fields["Filename"])
        return found

    def resolve(self, names):
        """These packages, and all that they need and that is not assumed."""
        for name in names:
            if not NAME.fullmatch(name):
                raise Refused(f"`{name}` is no name of a package")
        printed = self.run("apt-get", "install", "--print-uris", "--yes",
                           "--no-remove", "-q", *names)
        wanted = [found["name"] for found in
                  map(URI.match, printed.splitlines()) if found]
        if not wanted:
            return []
        found = self.candidates(wanted)
        return [found[name] for name in wanted]

    def fetch(self, packages, folder):
        """Into `folder`, each verified, all or none."""
        os.makedirs(folder, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as work:
            for mirror in self.mirrors:
                try:
                    self.download(packages, work, mirror)
                    break
                except Refused:
                    if mirror == self.mirrors[-1]:
                        raise
            for package in packages:
                shutil.move(os.path.join(work, package.file()),
                            os.path.join(folder, package.file()))

    def download(self, packages, folder, mirror):
        self.run(HELPER, "download-file", *(
            word for package in packages for word in (
                f"{mirror}/{package.path}",
                os.path.join(folder, package.file()),
                f"SHA256:{package.digest}")))
