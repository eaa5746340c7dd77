"""Opens an address in the person's browser, where there is one."""
import os
import subprocess
import sys

import manners

PATIENCE = 5 # seconds, for a browser that cannot be started to say so
# A text browser would take the terminal, so it is given none, and then it ends.
OPENING = "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1]))"


def is_wanted():
    """A person looks at what is said here, and has a screen, or has named a
    browser that knows one."""
    if os.environ.get("CI") or not sys.stderr.isatty():
        return False
    if os.environ.get("BROWSER"):
        return True
    if sys.platform == "darwin":
        return "SSH_CONNECTION" not in os.environ
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def opens(address):
    """Whether it does.  The browser lives on when this ends."""
    if not is_wanted():
        return False
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL,
             "stderr": subprocess.DEVNULL}
    try:
        opening = subprocess.Popen([sys.executable, "-c", OPENING, address],
                                   start_new_session=True, **quiet)
        return opening.wait(PATIENCE) == 0
    except subprocess.TimeoutExpired: # it waits until the browser is closed
        return True
    except OSError:
        return False


def offer(address, more):
    """Opens it, or says that the person is to; and `more`."""
    manners.tell(f"{address} is in your browser now; {more}"
                 if opens(address) else f"Open {address} in a browser; {more}")
