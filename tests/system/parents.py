#!/usr/bin/python3
"""tee, slow and jail do what they are for, alone, in each other and under s;
whatever a hostile child does, its neighbours are served, and all comes back.
"""
import tempfile

from operated import KERNEL, Operator

import image  # found by way of operated
import machine
import tap

DEADLINE = 900 # seconds, of the machine
PROGRAMS = ["parents/s", "children/console", "children/hello",
            "children/echo", "children/talk", "children/crash",
            "children/primes", "parents/tee", "parents/slow", "parents/jail",
            "parents/keeper",
            "tests/pest", "tests/ticker", "tests/forge"]
SIZES = "size 16M buf 400 internal 100 image"
INNOCENT = ["hello", "echo", "talk peace"]

# A system, and what it must have said when it has ended or stays; a word
# that begins with `!` must not be there.
TELLS = {
    "tee.passes_on_and_prints": ("tee talk hello, echo", "talk finished", [
        'talk, console: output "echo answers: hello\\n"',
        "echo answers: hello",
        "talk, console: answered 1, status 0, 20 bytes",
        "talk finished, status 0"]),
    "tee.prints_the_clock": ("tee slow 1 ticker 1", "it finished", [
        "slow, clock: sense", "slow, clock: until ",
        "slow, clock: answered 1 at ", "ticker: 0 wrong"]),
    "tee.gives_nobody_what_others_said": ("tee hello, pest peeks",
                                          "it finished, status 0", [
        "pest: 0 bytes of others"]),
    "slow.is_slower_by_every_clock": ("slow 10 ticker 10", "it finished",
                                      ["ticker: 0 wrong"]),
    "slow.stands_still": ("slow 0 ticker 0", "it finished",
                          ["ticker: 0 wrong"]),
    "slow.slow": ("slow 2 tee slow 3 ticker 6", "it finished",
                  ["ticker: 0 wrong", "tee finished, status 0"]),
    "slow.refuses": ("slow hello", "gave up",
                     ["expected how many times slower"]),
    "jail.censors": ("jail -parent -answers hello, talk peace, echo",
                     "talk finished", [
        "Hello. I am a process; my ****** started me.",
        "echo *******: peace", "!parent started", "!answers"]),
    "jail.censors_last_words": ("jail -will crash giveup", "it finished",
                                ["of its own ****", "!own will"]),
    "jail.no_word_leaves_in_halves": ("jail -parent pest halves",
                                      "it finished", [
        "par", "ent", "!parent"]),
    "jail.has_no_time": ("jail primes 1000", "it finished", [
        "primes tries get_clock: told that it is 0",
        "168 primes up to 1000; 0 ms, of which "]),
    "jail.has_no_clock": ("jail slow 5 ticker 5", "it finished", [
        "slow tries get_clock: told that it is 0", "ticker: the clock answers",
        "slow finished, status 1"]),
    "parent.reports_breaks": ("tee crash store, crash call, nosuch",
                              "it finished, status 1", [
        "crash broke: page fault: store", "crash2 broke: call 254",
        "the boot image has no file `nosuch`"]),
    "parent.shows_what_a_child_says": ("jail forge parent", "it finished", [
        r"forge: \x1b[1A\x1b[2Kfrom s", "forge: forge is removed",
        "forge: from", r"forge: \u202edrawkcab \xc0\x9b \u009b2J\x0d",
        r"forge: Grüße \xe4", r"forge: \xb8\x96", r"forge: cut \xe4\xb8",
        "forge: -üüüü", "forge: üüüü", r"!\xc3", r"!\xbc"]),
    "parent.wants_programs": ("tee", "gave up",
                              ["its arguments name no program to run"]),
}
HOSTS = {
    "tee": "tee", "slow": "slow 3", "jail": "jail -parent",
    "slow.tee": "slow 2 tee", "jail.slow": "jail slow 2",
    "tee.jail": "tee jail -parent", "jail.jail": "jail jail",
}


def accounts(operator):
    """What is left; the figures of `max` from its second line on."""
    return [line.split()[0] + " " + line.split()[-1]
            for line in operator.says("max") if line[:6] in (
                "buffer", "proces", "tables", "storag")]


def tells(writer, operator):
    for name, (command, end, wanted) in TELLS.items():
        before = accounts(operator)
        said = operator.says(f'new it {SIZES} prog "{command}" run',
                             f"wait {end}", "proc it remove")
        text = "\n".join(said[1:])
        wrong = [want for want in wanted
                 if (want[1:] in text if want.startswith("!")
                     else want not in text)]
        writer.point(not wrong, name, [f"wrong: {wrong}"] + said)
        after = accounts(operator)
        writer.point(before == after, name + ".and_all_comes_back",
                     [str(before), str(after)])


def hostile(writer, operator, where):
    for name, command in HOSTS.items():
        before = accounts(operator)
        children = ", ".join(["pest"] + INNOCENT)
        said = operator.says(f'new it {SIZES} prog "{command} {children}" run',
                             "wait pest broke", "proc it remove")
        text = "\n".join(said)
        for want in ("pest: 0 unanswered", "echo answers: peace",
                     "Hello. I am a process", "talk finished, status 0",
                     "hello finished, status 0"):
            writer.point(want in text, f"{where}.{name}.with_a_pest: {want}",
                         said[-60:])
        after = accounts(operator)
        writer.point(before == after and before,
                     f"{where}.{name}.with_a_pest.all_comes_back",
                     [str(before), str(after)])


def hollow_console(writer, operator):
    """Whoever has a console that gives no lines still waits at times; its
    children, behind which it never stands, would have no time otherwise."""
    before = accounts(operator)
    operator.says('new hollow prog "pest hollow" run present console')
    for name, program in {
            "s": "s new echo run",
            "keeper": "keeper keep echo at once run echo"}.items():
        said = operator.says(f'new it {SIZES} prog "{program}" run',
                             *["list"] * 20, "proc it remove")
        rows = [line.split() for line in said if line[:9] == "    echo "]
        writer.point(bool(rows) and rows[-1][1] == "waiting",
                     f"hollow_console.{name}.leaves_its_children_time",
                     [" ".join(row) for row in rows])
    operator.says("proc hollow remove")
    after = accounts(operator)
    writer.point(before == after, "hollow_console.all_comes_back",
                 [str(before), str(after)])


def offered_words(writer, operator):
    """What a prisoner's lines may be completed to has passed the censor."""
    before = accounts(operator)
    operator.says('new sees prog "pest sees" run present console')
    said = operator.says(f'new it {SIZES} prog "jail -new s" run',
                         "proc it remove", "proc sees remove")
    text = "\n".join(said[1:])
    writer.point("*** " in text and "new " not in text,
                 "jail.censors_completions", said)
    after = accounts(operator)
    writer.point(before == after, "jail.censors_completions.all_comes_back",
                 [str(before), str(after)])


def main():
    writer = tap.Writer()
    with tempfile.NamedTemporaryFile(suffix=".tar") as archive:
        image.make_of_built(archive.name, PROGRAMS)
        words = machine.command(KERNEL, archive.name, icount=machine.EXACT)
        with machine.Machine(words, DEADLINE) as computer:
            operator = Operator(computer)
            tells(writer, operator)
            hollow_console(writer, operator)
            offered_words(writer, operator)
            hostile(writer, operator, "under_s")
            operator.says("new s2 size 40M buf 2000 internal 400 tables 1000 "
                          "image prog s run", "wait To begin", "to s2")
            hostile(writer, operator, "under_s_under_s")
    writer.end()


if __name__ == "__main__":
    main()
