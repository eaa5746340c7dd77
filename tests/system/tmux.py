#!/usr/bin/python3
"""Text pasted into a window of tmux arrives whole and in order, inside three
systems; attention and ctrl-a x are heard while it does.  1 MB takes a minute
there, most of it tmux's, so this is a part of it; paste.py has all."""
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time

import paste
from operated import BUILD
from person import RUN

import image  # found by way of operated
import tap

DEADLINE = 900 # seconds
BYTES = 1 << 16


class Window:
    """A window of a tmux of its own; what its program writes comes here."""

    def __init__(self, folder, *command):
        pipe = os.path.join(folder, "pipe")
        os.mkfifo(pipe)
        self.socket = os.path.join(folder, "socket")
        self.said = b""
        self.out = os.open(pipe, os.O_RDWR)
        self.end = time.monotonic() + DEADLINE
        self.tmux("new-session", "-d", "-x", "80", "-y", "24",
                  f"read go; {' '.join(command)}; echo left with $?; read go")
        self.tmux("pipe-pane", "-O", f"exec cat > {pipe}")
        self.tmux("send-keys", "Enter")

    def tmux(self, *words):
        return subprocess.run(["tmux", "-S", self.socket, *words],
                              check=False, stderr=subprocess.DEVNULL)

    def hears(self, text, *keys):
        """Whether it says that, behind these keys."""
        begin = len(self.said)
        if keys:
            self.tmux("send-keys", *keys)
        while text not in self.said[begin:]:
            left = self.end - time.monotonic()
            ready, _, _ = select.select([self.out], [], [], max(0, left))
            if not ready:
                return False
            self.said += os.read(self.out, 65536)
        return True


def pasted(writer, window, text, data):
    window.hears(b"To begin")
    window.hears(b"s4> ", "-l", "nest 3\r")
    window.hears(b"reader is here", "-l", 'new reader prog "reader 0" run\r')
    window.hears(b"to ", "Escape")
    window.hears(b"reader> ", "-l", "s2/s3/s4/reader\r")
    window.tmux("load-buffer", text)
    window.tmux("paste-buffer")
    window.hears(b"m99 ")
    writer.point(window.hears(b"to ", "Escape"), "tmux.attention",
                 [repr(window.said[-300:])])
    window.hears(b"> ", "Escape")
    whole = window.hears(paste.told(data), "-l", "end\r")
    writer.point(whole, "tmux.arrives_whole",
                 [repr(paste.told(data)), repr(window.said[-300:])])
    window.tmux("paste-buffer")
    window.hears(b"m99 ")
    writer.point(window.hears(b"left with 0", "C-a", "x"), "tmux.ctrl_a_x",
                 [repr(window.said[-300:])])


def main():
    writer = tap.Writer()
    if shutil.which("tmux") is None:
        writer.skip("tmux", "tmux is not installed")
        writer.end()
        return
    data = paste.pasted("\n", BYTES)
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        path = image.make_of_built(os.path.join(folder, "paste.tar"),
                                   paste.PROGRAMS)
        text = os.path.join(folder, "text")
        with open(text, "wb") as file:
            file.write(data)
        window = Window(folder, sys.executable, RUN, "--image", path)
        try:
            pasted(writer, window, text, data)
        finally:
            window.tmux("kill-server")
    writer.end()


if __name__ == "__main__":
    main()
