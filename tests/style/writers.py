#!/usr/bin/python3
"""Who writes what: each group of fields in the structures of nucleus/*.h is
headed by a comment `By a.c, b.h, arch: ...` that names the files that write it,
and a field can name more, `by c.c, too`.

A writer assigns to a field, or hands its address to a function that may; in
assembly, it stores there.  arch is one writer, with all its files.  Who fills
a record as a whole makes it, and writes no field of it.
"""
import collections
import re

import sources

import size  # found by way of sources
import tap

NAMES = re.compile(r"\b(?:[a-z_]+\.[ch]|arch)\b")
FIELD = re.compile(r"(\w+)\s*(?:\[[^\]]*\])*\s*(?=[,;])")
DECLARED = re.compile(r"struct (\w+)(\s*\*[\s*]*(?:const )?|\s+)(\w+)")
STEP = re.compile(r"\s*(->|\.)\s*(\w+)")
WRITES = re.compile(r"\s*(?:(?:[-+*/%&|^]|<<|>>)?=(?!=)|\+\+|--)")
WORD = re.compile(r"[A-Za-z_]\w*")
ONLY_READ = ("link_is_empty", "link_record", "EACH", "offsetof")
# What is reached by pointers of these names, which point at no record.
INDIRECT = {"entry": ("node", "entry"), "entries": ("node", "entry")}
STORE = re.compile(r"\bf?s[dwhb]\b")


class Structures:
    """Fields by structure: its type, and who is said to write it."""

    def __init__(self):
        self.type = collections.defaultdict(dict)
        self.named = collections.defaultdict(dict)
        self.groups = [] # (structure, names, fields)

    def read(self, text):
        for begin in re.finditer(r"^ *struct (\w+) \{\n", text, re.M):
            body = text[begin.end():closing(text, begin.end())]
            self.read_body(begin.group(1), body)

    def read_body(self, name, body):
        names = None
        comments = list(re.finditer(r"/\*.*?\*/", body, re.DOTALL))
        code = size.without_comments(re.sub(
            r"/\*.*?\*/", lambda c: re.sub(r"[^\n]", " ", c.group()), body,
            flags=re.DOTALL))
        code = hide_inner(code)
        at = 0
        for field in re.finditer(r"[^;{}]+;", code):
            start = field.start() + len(field.group()) - len(
                field.group().lstrip())
            said = set()
            for c in comments:
                words = re.sub(r"\s*\n[\s*]*", " ", c.group())
                heads = words.startswith("/* By ") or (
                    words.startswith("/* by ") and
                    body[:c.start()].rstrip().endswith("{"))
                if not heads or not at <= c.start() < start:
                    continue
                names = None
                if "each function" not in words:
                    names = set(NAMES.findall(words))
                    self.groups.append((name, names, []))
            after = re.match(r"(?:\s*/\*.*?\*/)*",
                             body[field.end():].split("\n\n")[0], re.DOTALL)
            trailing = re.split(r"/\* By ", after.group())[0]
            words = re.sub(r"[\s*/]+", " ", trailing)
            if " by " in words:
                said |= set(NAMES.findall(words[words.index(" by "):]))
            at = field.end()
            kind = re.search(r"struct (\w+)", field.group())
            for found in FIELD.finditer(field.group()):
                self.type[name][found.group(1)] = kind.group(1) if kind \
                    else None
                if names is not None:
                    self.named[name][found.group(1)] = said
                    self.groups[-1][2].append(found.group(1))


def hide_inner(code):
    """Unions, and structures without a name, are their fields; one with a name
    is the type of what is declared behind it.  Nothing changes its place."""
    def blank(found):
        kept = found.group(1) if found.lastindex else ""
        return kept + re.sub(r"[^\n]", " ", found.group()[len(kept):])
    code = re.sub(r"\b(?:union|struct)\s*\{", blank, code)
    code = re.sub(r"(struct \w+) \{[^{}]*\}", blank, code)
    return re.sub(r"\}\s*;", blank, code)


def closing(text, at):
    depth = 1
    while depth > 0:
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return at - 1


def bracket(text, at):
    """Behind the bracket that opens here."""
    depth = 0
    while at < len(text):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(text[at], 0)
        at += 1
        if depth == 0:
            break
    return at


class File:
    def __init__(self, structures, returns, path):
        self.structures, self.returns = structures, returns
        self.text = size.without_comments(sources.read(path))
        self.written = set() # (structure, field)

    def functions(self):
        for head in re.finditer(r"^[^\s#/}][^;{}]*\)\s*\{", self.text, re.M):
            yield head.group() + self.text[
                head.end():closing(self.text, head.end())]

    def search(self):
        for text in self.functions():
            types = {"nucleus": "nucleus", "this_hart": "hart"}
            for kind, _, name in DECLARED.findall(text):
                types.setdefault(name, kind)
            for found in DECLARED.finditer(text):
                rest = text[found.end():].split(";")[0]
                for more in re.findall(r",\s*\*+\s*(\w+)", rest):
                    types.setdefault(more, found.group(1))
            self.search_function(text, types, {})

    def search_function(self, text, types, alias):
        for word in WORD.finditer(text):
            before = text[:word.start()].rstrip()
            if before.endswith(("->", ".")) and not before.endswith("..."):
                continue
            end, fields = self.chain(text, word, types)
            if word.group() in INDIRECT and (
                    is_address(before) and hands_on(before) or
                    is_reached(before) and WRITES.match(text, end)):
                self.written.add(INDIRECT[word.group()])
            if not fields:
                if word.group() in alias and WRITES.match(
                        text, end) and text[word.end():end].strip():
                    self.written |= alias[word.group()]
                continue
            declared = re.search(r"(?<!const )\bu?int\d+_t \*(\w+) =$", before)
            if declared:
                alias[declared.group(1)] = set(fields)
            if fields[-1][1] in INDIRECT and is_reached(before) and \
                    WRITES.match(text, end):
                fields = [INDIRECT[fields[-1][1]]]
            if WRITES.match(text, end) or before.endswith(("++", "--")) or (
                    is_address(before) and hands_on(before)):
                self.written |= set(fields)

    def chain(self, text, word, types):
        """Where the expression ends, and the fields behind its last arrow."""
        kind, at, fields = types.get(word.group()), word.end(), []
        if at < len(text) and text[at] == "(":
            kind = self.returns.get(word.group())
            if word.group() == "link_record":
                kind = re.match(r"[^,]*,\s*(\w+)", text[at:]).group(1)
        while at < len(text):
            step = STEP.match(text, at)
            if text[at] in "([":
                at = bracket(text, at)
            elif step and kind:
                if step.group(1) == "->":
                    fields = []
                fields.append((kind, step.group(2)))
                kind = self.structures.type[kind].get(step.group(2))
                at = step.end()
            else:
                break
        return at, fields


def is_address(before):
    return before.endswith("&") and not before.endswith("&&") and \
        before[:-1].rstrip()[-1:] in "(,?:"


def is_reached(before):
    """By a pointer, which is not just declared."""
    return re.search(r"[;{})(]\s*\*$", before) is not None


def hands_on(before):
    """The function that the argument at the end is for may write there."""
    depth, at = 0, len(before) - 1
    while at >= 0 and depth <= 0:
        depth += {"(": 1, ")": -1}.get(before[at], 0)
        if before[at] in ";{}":
            return re.match(r"\s*return\b", before[at + 1:]) is not None
        at -= 1
    if before[:at + 1].endswith("*"):
        return True
    name = re.search(r"(\w+)$", before[:at + 1])
    return name is not None and name.group(1) not in ONLY_READ and \
        name.group(1) not in ("if", "while", "for", "return", "REFUSE")


def assembly(offsets):
    """What is stored by name, here or by a macro to which it is given."""
    written = set()
    for path in sources.files((".S", ".h"), ("arch",)):
        text = size.without_comments(sources.read(path))
        macros = {}
        for name, arguments, body in re.findall(
                r"^\.macro (\w+)([^\n]*)\n(.*?)^\.endm", text,
                re.M | re.DOTALL):
            names = re.findall(r"(\w+)(?::\w+|=\w*)?", arguments)
            stored = [names.index(p) for line in body.splitlines()
                      if STORE.search(line)
                      for p in re.findall(r"\\(\w+)", line) if p in names]
            macros[name] = (stored, body)
        for line in text.splitlines():
            words = line.split(None, 1)
            used = set(re.findall(r"\b[A-Z]+_[A-Z_]+\b", line)) & set(offsets)
            if STORE.search(line):
                written |= used
            if words and words[0] in macros and len(words) > 1:
                stored, body = macros[words[0]]
                given = [a.strip() for a in words[1].split(",")]
                for i in stored:
                    written |= set(re.findall(
                        r"\w+", given[i] if i < len(given) else "")) \
                        & set(offsets)
                if any(STORE.fullmatch(a) for a in given):
                    written |= set(re.findall(r"\w+", body)) & set(offsets)
    return {offsets[name] for name in written}


def main():
    writer = tap.Writer()
    structures, returns = Structures(), {}
    headers = [p for p in sources.files((".h",), ("nucleus",))
               if p.count("/") == 1]
    for path in headers:
        structures.read(sources.read(path))
    structures.read(sources.read("arch/riscv/machine.h"))
    paths = [p for p in sources.files((".c", ".h"), ("nucleus", "arch", "boot"))
             if p.count("/") == 1 or p.startswith(("arch", "boot"))]
    for path in paths:
        for kind, name in re.findall(
                r"^(?:static )?(?:inline )?(?:__attribute__\S+ )?(?:const )?"
                r"struct (\w+) \**\s*(\w+)\(", sources.read(path), re.M):
            returns[name] = kind
    written = collections.defaultdict(set) # writers of (structure, field)
    for path in paths:
        file = File(structures, returns, path)
        file.search()
        name = "arch" if path.startswith(("arch", "boot/riscv")) else \
            path.split("/")[1]
        for field in file.written:
            written[field].add(name)
    offsets = {f"{kind}_{field}".upper(): (kind, field)
               for kind, fields in structures.type.items()
               for field in fields}
    for field in assembly(offsets):
        written[field].add("arch")
    for kind, field in list(written):
        if kind == "machine_hart":
            written["hart", "machine"] |= written[kind, field]
    wrong = []
    for kind, names, fields in structures.groups:
        idle = set(names)
        for field in fields:
            said = structures.named[kind][field]
            found = written[kind, field]
            idle -= found
            wrong += [f"struct {kind}: {name} writes {field}, and is not named"
                      for name in sorted(found - said - names)]
            wrong += [f"struct {kind}: {name} is named, and does not write "
                      f"{field}" for name in sorted(said - found)]
        wrong += [f"struct {kind}: {name} is named above {fields[0]}, and "
                  "writes nothing there" for name in sorted(idle)]
    count = sum(len(names) for _, names, _ in structures.groups)
    writer.point(not wrong and len(structures.groups) > 20,
                 f"writers.are_named {count} of {len(structures.groups)} "
                 "groups of fields", wrong)
    writer.end()


if __name__ == "__main__":
    main()
