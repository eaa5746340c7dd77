#!/usr/bin/python3
"""What every line of the sources keeps to."""
import re

import sources

import tap  # found by way of sources

C = (".c", ".h", ".S", ".def", ".ld")
SCRIPTS = (".py", ".sh", ".js", ".jsx", ".mjs", ".css", "meson.build")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|for now|not implemented|stub)"
                        r"\b")
CONDITION = re.compile(r"(\} )?(else )?(if|for|while|switch) \(.*\)$|"
                       r"(\} )?else$|do$")


def without_braces(line):
    """A whole condition, behind which no brace opens."""
    line = line.strip()
    return CONDITION.match(line) and line.count("(") == line.count(")") and \
        not line.startswith("} while")


def wrong_lines(paths, wrong):
    """Places where `wrong` is true of a line, as an editor wants them."""
    return [f"{path}:{number}: {line.strip()[:60]}"
            for path in paths
            for number, line in enumerate(sources.read(path).split("\n"), 1)
            if wrong(line)]


def main():
    writer = tap.Writer()
    code = sources.files(C, sources.ALL_FOLDERS)
    scripts = sources.files(SCRIPTS, sources.ALL_FOLDERS)

    def rule(name, paths, wrong):
        found = wrong_lines(paths, wrong)
        writer.point(not found, name, found)

    rule("text.no_tabs", code + scripts, lambda line: "\t" in line)
    rule("text.at_most_80_columns", code + scripts,
         lambda line: len(line) > 80)
    rule("text.no_trailing_blanks", code + scripts,
         lambda line: line != line.rstrip())
    # QEMU's own names have to stand there.
    rule("text.no_typedef_struct",
         [path for path in code if path != "view/plugin/qemu.h"],
         lambda line: re.search(r"\btypedef\s+(struct|union|enum)\b[^(]*$",
                                line))
    # This file has to name the words.
    rule("text.nothing_unfinished",
         [path for path in code + scripts if path != "tests/style/text.py"],
         UNFINISHED.search)
    rule("text.braces_always",
         sources.files((".c", ".h"), sources.ALL_FOLDERS), without_braces)
    missing = [path for path in code + scripts
               if not sources.read(path).endswith("\n")
               and sources.read(path)]
    writer.point(not missing, "text.ends_with_a_newline", missing)
    writer.end()


if __name__ == "__main__":
    main()
