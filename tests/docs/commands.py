#!/usr/bin/python3
"""Each command of s and each program has its page, all in the same form."""
import re

import pages

COMMAND_SECTIONS = ['What it does', 'Replies', 'Example', 'History']
PROGRAM_SECTIONS = ['What it does', 'Arguments', 'Messages', 'Example',
                    'History']
STRING = r'"((?:[^"\\]|\\.)*)"'
COMMANDS = pages.ROOT / 'docs/man/s'
PROGRAMS = pages.ROOT / 'docs/man/programs'


def commands():
    """name -> (arguments, summary), from the table of s."""
    text = (pages.ROOT / 'parents/s/commands.def').read_text()
    entries = re.findall(rf'COMMAND\((\w+), \w+, {STRING},\s*{STRING}', text)
    return {name: (arguments, summary.replace('\\"', '"'))
            for name, arguments, summary in entries}


def programs():
    """The names of all programs that the build knows."""
    names = set()
    for folder in ('children', 'parents'):
        for path in (pages.ROOT / folder).rglob('meson.build'):
            names |= set(re.findall(r"^\s*\['(\w+)',", path.read_text(), re.M))
            names |= set(re.findall(r"_programs \+= \[+'(\w+)',",
                                    path.read_text()))
    return names


def words_of_sources():
    """The texts of s, without the places that values are put into."""
    text = ''
    for folder in ('parents/s', 'parents/lib'):
        for path in sorted((pages.ROOT / folder).rglob('*.c')):
            text += path.read_text()
    text = re.sub(r'"\s*"', '', text)
    return text.replace('`', '').replace('\\"', '"')


def reply_problems(page, sources):
    """The beginning of each reply, up to its colon, stands in s."""
    for line in page.section('Replies'):
        match = re.match(r'\| `([^`]+)` \|', line)
        if match is None:
            continue
        for part in re.split(r'\b[A-Z]+\b|\.\.\.', match.group(1)):
            part = part.strip(' :')
            if len(part) > 2 and not re.match(r'^\w+$', part) and \
                    not found(part, page, sources):
                yield (f'{page.name}: s has no reply with the words '
                       f'"{part}"')


def found(part, page, sources):
    """A reply may name the command itself, which the sources need not."""
    name = page.path.stem
    patterns = (re.escape(part),
                re.escape(part).replace(re.escape(name), r'%s'))
    return any(re.search(pattern, sources) for pattern in patterns)


def command_problems(name, arguments, summary, sources):
    path = COMMANDS / f'{name}.md'
    if not path.exists():
        yield f'write docs/man/s/{name}.md for the command {name}'
        return
    page = pages.Page(path)
    usage = f'`{(name + " " + arguments).strip()}`: {summary}.'
    if page.headings[0] != f'# {name}':
        yield f'{page.name}: the title is not "# {name}"'
    if usage not in path.read_text():
        yield f'{page.name}: below the title should stand: {usage}'
    if page.sections() != COMMAND_SECTIONS:
        yield (f'{page.name}: the sections are not, in order: '
               + ', '.join(COMMAND_SECTIONS))
    if not any(block.mark == 'dialogue' for block in page.blocks):
        yield f'{page.name}: the example is no dialogue'
    yield from reply_problems(page, sources)


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


def strangers(folder, known):
    for path in sorted(folder.glob('*.md')):
        if path.stem not in known and path.stem != 'README':
            yield f'{path.relative_to(pages.ROOT)} describes nothing'


def unlisted(folder, known):
    index = (folder / 'README.md').read_text()
    for name in sorted(known):
        if f']({name}.md)' not in index:
            yield f'{folder.relative_to(pages.ROOT)}/README.md lacks {name}'


def main():
    tap = pages.Tap()
    table = commands()
    sources = words_of_sources()
    tap.report('docs.command.table_is_read',
               [] if len(table) > 20 else ['parents/s/command.c has changed '
                                           'its form; mend commands()'])
    for name, (arguments, summary) in table.items():
        tap.report(f'docs.command.{name}',
                   list(command_problems(name, arguments, summary, sources)))
    for name in sorted(programs()):
        tap.report(f'docs.program.{name}', list(program_problems(name)))
    for folder, known in ((COMMANDS, table), (PROGRAMS, programs())):
        tap.report(f'docs.{folder.name}.pages_and_index_agree',
                   list(strangers(folder, known))
                   + list(unlisted(folder, known)))
    tap.done()


main()
