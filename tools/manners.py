"""What the scripts that a person starts have in common: how they speak, and
how they end."""
import contextlib
import os
import signal
import sys

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def name():
    """As the person has called it: ./run, ./lab or ./check."""
    path = os.path.relpath(os.path.abspath(sys.argv[0]), HERE)
    if os.path.basename(path) == "lab.py":
        return "./lab"
    return "./run" if path.split(os.sep)[0] == "tools" else "./check"


def tell(text):
    """To the person, beside the transcript."""
    print(text, file=sys.stderr, flush=True)


def tell_bytes(data):
    os.write(2, data)


def give_up(reason):
    raise SystemExit(f"{name()}: {reason}")


def standard_output_takes_no_more(error):
    give_up(f"standard output takes no more: {error.strerror}")


@contextlib.contextmanager
def standard_output():
    """Around what is written there, which a full disk may refuse."""
    try:
        yield
    except BrokenPipeError: # whoever read it has gone
        sys.exit(1)
    except OSError as error:
        standard_output_takes_no_more(error)


def say(text):
    with standard_output():
        print(text, flush=True)


def shown(path):
    """A path as one would type it here."""
    try:
        near = os.path.relpath(path)
    except FileNotFoundError: # the current folder is gone
        return path
    return path if near.startswith("..") else near


def cache():
    """The folder for what can be had again."""
    folder = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(folder):
        folder = os.path.expanduser("~/.cache")
    return os.path.join(os.path.realpath(folder), "kerne")


def end_by_signals():
    """TERM and the like end the script, which cleans up; but those that it
    was started to ignore."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda number, _: sys.exit(128 + number))


def status_of(main):
    """What main() returns.  For what its surroundings refuse, there is a
    sentence."""
    try:
        try:
            return main()
        except OSError as error:
            if isinstance(error, BrokenPipeError): # as above
                return 1
            give_up(f"{error.filename}: {error.strerror}" if error.filename
                    else error.strerror)
        finally:
            with standard_output():
                sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except SystemExit as end:
        if isinstance(end.code, str):
            tell(end.code)
            return 1
        return end.code or 0


def prepare_streams():
    """A closed one would be the next file that is opened; none refuses a
    letter that it does not know."""
    for number, stream in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, stream) is None:
            os.open(os.devnull, os.O_RDWR) # the lowest number that is free
            setattr(sys, stream, open(number, "w" if number else "r",
                                      encoding="utf-8"))
        getattr(sys, stream).reconfigure(errors="replace")


def run(main, leave=sys.exit):
    """Ends the script with main()'s status."""
    prepare_streams()
    status = status_of(main)
    # Python, too, flushes at its end, and would complain.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    leave(status)
