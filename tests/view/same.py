#!/usr/bin/python3
"""The machine of the page and that of this computer are the same one: the same
input leaves the same state, at each moment, come to forwards or backwards.  And
how fast they are, by the time of the processor: how busy the computer is does
not matter much."""
import json
import os
import re
import subprocess
import tempfile

import view

import builder  # found by way of view
import tap

WASM = "view/machine/machine.wasm"
LAYOUT = "view/kerne.layout"
TYPED = {200000000: 'new primes prog "primes 1000000" run\r',
         260000000: f"list {'x' * 200}\r"} # more than the device holds
MOMENTS = (20000000, 199999999, 200400000, 260000500, 300000000, 400000000)
STATE = re.compile(r"state ([0-9a-f]{16})")
RATE = re.compile(r"([0-9.]+) million a second")
LEAST = {"native": 60, "page": 15} # million instructions a second
ROUNDS, LOOK = 3, 1000000000 # nanoseconds


def of_the_page():
    """[{ clock, hash }], and how fast it was."""
    log = [{"at": at, "text": text} for at, text in TYPED.items()]
    ended = subprocess.run(
        ["node", os.path.join(view.HERE, "tests", "view", "same.mjs"),
         view.built(WASM), view.KERNE, view.built(LAYOUT), view.IMAGE,
         json.dumps(log), *map(str, MOMENTS)], text=True,
        capture_output=True, timeout=300, check=False)
    told = [json.loads(line) for line in ended.stdout.splitlines()]
    return told[:-1], told[-1]["speed"] / 1e6 if told else 0, \
        ended.stderr.splitlines()


def native(log, clock):
    return view.run("-icount", "shift=0,sleep=off", "--replay", log,
                    "--until", str(clock), "--hash", "--figures")


def main():
    view.wants("node", "clang", "wasm-ld")
    writer = tap.Writer()
    writer.point(builder.make(view.BUILD, [WASM, LAYOUT]), "same.is_built")
    told, page_speed, why = of_the_page()
    writer.point(len(told) == 2 * len(MOMENTS), "same.comes_to_each_moment",
                 why)
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "log")
        with open(log, "w", encoding="ascii") as file:
            file.writelines(f"{at} {text.encode().hex()}\n"
                            for at, text in TYPED.items())
        known = {}
        for number, moment in enumerate(told):
            clock = moment["clock"]
            if clock not in known:
                known[clock] = STATE.search(native(log, clock)[2])[1]
            how = "forwards" if number < len(MOMENTS) else "again"
            writer.point(moment["hash"] == known[clock],
                         f"same.state {how} at {clock} ns",
                         [f"{moment['hash']} in the page, {known[clock]}"])
        writer.point(len(set(known.values())) == len(known) > 1,
                     "same.each_moment_is_another", [str(known)])
        speeds = {"page": page_speed, "native": max(
            float(RATE.search(native(log, LOOK)[2])[1])
            for _ in range(ROUNDS))}
    for name, speed in speeds.items():
        writer.point(speed >= LEAST[name], f"same.speed.{name} is "
                     f"{speed:.0f} million instructions a second",
                     [f"at least {LEAST[name]}"])
    writer.end()


if __name__ == "__main__":
    main()
