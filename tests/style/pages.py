#!/usr/bin/python3
"""Each function of functions.def has its page, and each page its function."""
import os
import re

import sources

import tap  # found by way of sources

FUNCTION = re.compile(r"^KERNE_FUNCTION\((\d+), (\w+), (\w+)\)", re.MULTILINE)


def main():
    writer = tap.Writer()
    functions = FUNCTION.findall(sources.read("nucleus/abi/functions.def"))
    writer.point(bool(functions), "functions.def.is_read")
    for _, name, _ in functions:
        page = f"docs/man/{name}.md"
        writer.point(os.path.isfile(os.path.join(sources.HERE, page)),
                     f"page.{name}", [f"{page} is missing"])
    numbers = [int(number) for number, _, _ in functions]
    writer.point(numbers == sorted(set(numbers)),
                 "functions.def.numbers_rise_and_differ")
    handlers = [handler for _, _, handler in functions]
    writer.point(len(handlers) == len(set(handlers)),
                 "functions.def.handlers_differ")
    writer.end()


if __name__ == "__main__":
    main()
