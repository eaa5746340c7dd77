"""QEMU with its nucleus watched: events as they happen, and what is true."""
import contextlib
import json
import os
import subprocess
import tempfile

FOLDER = "/dev/shm" if os.path.isdir("/dev/shm") else None


class Watched:
    """Options for QEMU, and what can be asked then; a context.

    The machine's storage is a file, in memory where there is room; it stays
    readable until the end of the context, also when QEMU has ended.
    """

    def __init__(self, build, nucleus="kerne", memory="128M"):
        self.memory = memory
        self.tools = os.path.join(build, "view")
        self.layout = os.path.join(self.tools, nucleus + ".layout")
        self.folder = tempfile.mkdtemp(prefix="kerne-", dir=FOLDER)
        self.ram = os.path.join(self.folder, "ram")
        self.out = os.path.join(self.folder, "events")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for path in self.ram, self.out:
            with contextlib.suppress(FileNotFoundError):
                os.remove(path)
        os.rmdir(self.folder)

    def options(self, out=None):
        """For QEMU, beside those of any machine."""
        plugin = ",".join([os.path.join(self.tools, "qemu-view.so"),
                           f"ram={self.ram}", f"layout={self.layout}",
                           f"out={out or self.out}"])
        return ["-object", f"memory-backend-file,id=ram,size={self.memory},"
                           f"mem-path={self.ram},share=on",
                "-machine", "memory-backend=ram", "-plugin", plugin]

    def events(self):
        """All that have happened, when QEMU has ended."""
        with open(self.out, encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)

    def look(self, *words):
        """What is true now: all, or `windows P PAGE`, `way P PAGE`, `registers
        P`."""
        done = subprocess.run(
            [os.path.join(self.tools, "look"), self.ram, self.layout,
             *map(str, words)], stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout)
