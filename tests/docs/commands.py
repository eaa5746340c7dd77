#!/usr/bin/python3
"""The page of s is made from its list of commands; each program has its page.

docs/man/s.md has, for each group of parents/s/commands.def, a part

    <!-- made of commands.def: GROUP -->
    ...
    <!-- end -->

which `tests/docs/commands.py --write` makes; the rest is written by hand.
"""
import ast
import re
import sys
import textwrap

import pages

PROGRAM_SECTIONS = ['What it does', 'Arguments', 'Messages', 'Example',
                    'History']
STRING = r'"(?:[^"\\]|\\.)*"'
TEXT = rf'((?:{STRING}\s*)+)'
PAGE = pages.ROOT / 'docs/man/s.md'
LIST = pages.ROOT / 'parents/s/commands.def'
AREAS = pages.ROOT / 'parents/lib/catalog/areas.def' # included there
PROGRAMS = pages.ROOT / 'docs/man/programs'
PART = re.compile(r'(<!-- made of commands.def: (\w+) -->\n).*?'
                  r'(?=<!-- end -->)', re.S)
COLUMNS = 96
SUMMARY = 46  # characters, at most: help has a line for each
DETAILS = 500  # what can be said at once


class Command:
    """One entry of the list; the fields are those of commands.def."""

    def __init__(self, name, *texts):
        self.name = name
        self.arguments, self.summary, self.details, self.example, \
            self.history = (''.join(ast.literal_eval(part)
                                    for part in re.findall(STRING, text))
                            for text in texts)

    def section(self):
        """What the page says of it."""
        usage = f'{self.name} {self.arguments}'.rstrip()
        text = f'**`{usage}`** {self.details} *{self.history}* `{self.example}`'
        # What stands in backticks stays on one line.
        tied = re.sub(r'`[^`]+`', lambda m: m[0].replace(' ', '\0'), text)
        lines = textwrap.wrap(tied, COLUMNS, break_long_words=False,
                              break_on_hyphens=False)
        return '\n'.join(lines).replace('\0', ' ') + '\n\n'

    def form_problems(self):
        if len(self.summary) > SUMMARY:
            yield f'{self.name}: a summary of more than {SUMMARY} characters'
        if len(self.details) > DETAILS:
            yield f'{self.name}: details of more than {DETAILS} characters'


def groups():
    """name of the group -> (heading, its commands), in order."""
    text = LIST.read_text().replace('#include <areas.def>', AREAS.read_text())
    result = {}
    entry = re.compile(rf'^GROUP\((\w+), ({STRING})\)|'
                       rf'^COMMAND\((\w+), \w+, {TEXT},\s*{TEXT},\s*{TEXT},'
                       rf'\s*{TEXT},\s*{TEXT}\)', re.M)
    for match in entry.finditer(text):
        if match.group(1):
            commands = []
            result[match.group(1)] = (ast.literal_eval(match.group(2)),
                                      commands)
        else:
            commands.append(Command(*match.groups()[2:]))
    return result


def part_of(group):
    heading, commands = group
    return f'\n## {heading}\n\n' + ''.join(c.section() for c in commands)


def made(text, table):
    """The page with its parts as they should be."""
    return PART.sub(lambda m: m[1] + part_of(table[m[2]]), text)


def up_to_date_problems(table):
    text = PAGE.read_text()
    parts = [name for _, name in PART.findall(text)]
    if parts != list(table):
        yield f'{PAGE.name} has parts for {parts}, not for {list(table)}'
    elif made(text, table) != text:
        yield 'docs/man/s.md is not as commands.def has it; ' \
              'tests/docs/commands.py --write makes it anew'


def typed_words():
    """All that is typed in the dialogues of all pages."""
    blocks = [block for page in pages.all_pages() for block in page.blocks
              if block.mark == 'dialogue']
    return {word for block in blocks for line in block.lines
            if line.startswith('> ') for word in line.split()}


# ---- replies ----------------------------------------------------------------

def sources(*folders):
    text = ''
    for folder in folders:
        for path in sorted((pages.ROOT / folder).rglob('*.c')):
            text += path.read_text()
    return re.sub(r'(?<!\\)"\s*"', '', text)


def plain(text):
    """Without quotes, with ~ for what varies."""
    text = re.sub(r'%-?[0-9.*]*l?[a-z]', '~', ast.literal_eval(text))
    return text.replace('`', '')


def refusals():
    """What refuse() says in s, as far as that stands in one text."""
    text = sources('parents/s')
    return {plain(found) for found in
            re.findall(rf'\brefuse\(\s*({STRING})', text)
            if not plain(found).startswith('~')}


def replies():
    """The replies that the page lists, each as the parts that do not vary."""
    for line in pages.Page(PAGE).section('Replies'):
        match = re.match(r'\| `([^`]+)` \|', line)
        if match:
            parts = re.split(r'\b[A-Z]+\b|\.\.\.', match[1])
            yield [part.strip(' :;') for part in parts]


def reply_problems():
    """What the page has, s says; and the page has what s refuses."""
    said = sources('parents/s', 'parents/lib')
    listed = list(replies())
    for part in sum(listed, []):
        if part not in said:
            yield f'{PAGE.name}: s has no reply with "{part}"'
    kinds = tuple(parts[0] for parts in listed if parts[0])
    for refusal in sorted(refusals()):
        if not refusal.startswith(kinds):
            yield f'{PAGE.name} lacks the kind of this reply: {refusal}'


# ---- programs ---------------------------------------------------------------

def programs():
    """The names of all programs that the build knows, but s."""
    names = set()
    for folder in ('children', 'parents'):
        for path in (pages.ROOT / folder).rglob('meson.build'):
            names |= set(re.findall(r"^\s*\['(\w+)',", path.read_text(), re.M))
            names |= set(re.findall(r"_programs \+= \[+'(\w+)',",
                                    path.read_text()))
    return names - {'s'}


def program_problems(name):
    path = PROGRAMS / f'{name}.md'
    if not path.exists():
        yield f'write docs/man/programs/{name}.md for the program {name}'
        return
    page = pages.Page(path)
    if page.headings[0] != f'# {name}':
        yield f'{page.name}: the title is not "# {name}"'
    if page.sections() != PROGRAM_SECTIONS:
        yield (f'{page.name}: the sections are not, in order: '
               + ', '.join(PROGRAM_SECTIONS))
    if not any(block.mark == 'dialogue' for block in page.blocks):
        yield f'{page.name}: the example is no dialogue'


def index_problems(known):
    index = (PROGRAMS / 'README.md').read_text()
    for path in sorted(PROGRAMS.glob('*.md')):
        if path.stem not in known and path.stem != 'README':
            yield f'{path.relative_to(pages.ROOT)} describes nothing'
    for name in sorted(known):
        if f']({name}.md)' not in index:
            yield f'docs/man/programs/README.md lacks {name}'


def main():
    table = groups()
    if sys.argv[1:] == ['--write']:
        PAGE.write_text(made(PAGE.read_text(), table))
        return
    tap = pages.Tap()
    commands = [c for _, part in table.values() for c in part]
    tap.report('docs.commands.list_is_read',
               [] if len(commands) > 30 else ['parents/s/commands.def has '
                                             'changed its form; mend groups()'])
    tap.report('docs.commands.page_is_up_to_date',
               list(up_to_date_problems(table)))
    tap.report('docs.commands.replies', list(reply_problems()))
    typed = typed_words()
    for command in commands:
        unused = [] if command.name in typed else \
            [f'no dialogue of a page has the command {command.name}']
        tap.report(f'docs.command.{command.name}',
                   list(command.form_problems()) + unused)
    for name in sorted(programs()):
        tap.report(f'docs.program.{name}', list(program_problems(name)))
    tap.report('docs.programs.pages_and_index_agree',
               list(index_problems(programs())))
    tap.done()


main()
