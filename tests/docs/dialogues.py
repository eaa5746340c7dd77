#!/usr/bin/python3
"""Every dialogue on a page is held again, and the machine says the same.

A block marked `dialogue` shows a stretch of the console's transcript.  Its
lines that begin with the prompt, or with `to `, were typed by the operator.
What comes before the first line shown, and after the last, is not compared.
Comments before the block declare what differs from run to run:

    <!-- varies: [0-9]+ ms -->

Whatever matches is taken as equal; `run: --disk scratch` gives options of
./run.  The machine's clock counts instructions, so that who comes first is the
same in each run, however busy the computer is.  A block marked `c file NAME.c`
is a program; the dialogues after it are held with `./run --with NAME.c`, as a
reader would who has typed it, and with the other files that stand before.  One
with Linux programs is skipped where these are not to be had.

    tests/docs/dialogues.py --write PAGE...

holds the dialogues of these pages and writes down what the machine says.  For
this, a block may hold lines `wait TEXT`, which do not stay.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

import pages

import expect  # noqa: E402 (found by way of pages)
import places  # noqa: E402

DECLARED = re.compile(r'^<!-- (varies|run): (.+) -->$')
DEADLINE = 300
NO_PROGRAMS = 'So there are no Linux programs now'


class Missing(Exception):
    """What a dialogue needs is not to be had; says why."""


def declared(block, what):
    """What is declared so directly before the block."""
    found = []
    for line in reversed(block.before):
        match = DECLARED.match(line.strip())
        if match and match.group(1) == what:
            found.append(match.group(2))
        elif line.strip() and not match:
            break
    return found


def patterns_of(block):
    return [re.compile(text) for text in declared(block, 'varies')]


def expression(line, patterns):
    """What a line must be like, for ./run --expect; blanks may be more."""
    places = sorted((found.start(), -found.end(), pattern) for pattern in
                    patterns for found in pattern.finditer(line))
    wanted, at = '', 0
    for start, end, pattern in places:
        if start >= at:
            wanted += re.escape(line[at:start]) + f'(?:{pattern.pattern})'
            at = -end
    wanted += re.escape(line[at:])
    return '~ ' + re.sub(r'(\\ )+', ' +', wanted)


def expectation_of(block, patterns):
    """The block for ./run --expect: whatever comes before and behind it."""
    lines = [line if expect.typed(line) is not None
             else expression(line.rstrip(), patterns) for line in block.lines]
    typed = [text for text in map(expect.typed, block.lines) if text]
    if not typed:
        return []
    return ['~~', *lines, '~~'] + ['> halt', '~~'] * (
        not typed[-1].endswith('halt'))


def programs_for(block, folder):
    """Options of ./run: with the files that stand before on the page, each as
    it stands there last."""
    before = {b.mark.split()[-1]: b.text() for b in block.page.blocks
              if b.mark.startswith('c file ') and b.line < block.line}
    options = []
    for name, text in before.items():
        path = pathlib.Path(folder) / name
        path.write_text(text)
        options += ['--with', str(path)]
    return options


def run(block, option, script):
    """Types a script on a fresh machine; the finished process."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / 'dialogue.txt'
        file.write_text('\n'.join(script) + '\n')
        done = subprocess.run(
            [str(pages.ROOT / 'run'), '--deadline', str(DEADLINE), '--icount',
             option, str(file), *programs_for(block, folder),
             *' '.join(declared(block, 'run')).split()],
            cwd=pages.ROOT,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, timeout=10 * DEADLINE)
    if done.returncode != 0 and NO_PROGRAMS in done.stderr:
        raise Missing(done.stderr.strip().splitlines()[-1])
    return done


def hold(block):
    """The problems with one dialogue."""
    script = expectation_of(block, patterns_of(block))
    if not script:
        return [f'{block.where()}: nothing in it is typed']
    done = run(block, '--expect', script)
    if done.returncode == 0:
        return []
    return [f'{block.where()}: {done.stderr}',
            'if the machine is right: tests/docs/dialogues.py '
            f'--write {block.page.name}', 'the transcript:',
            *done.stdout.split('\n')[-40:]]


def dialogues(page):
    return [block for block in page.blocks if block.mark == 'dialogue']


def transcript_for(block):
    """What stands in the block when it has just been held."""
    script = [expect.typed(line) or line for line in block.lines
              if expect.typed(line) is not None or line.startswith('wait ')]
    ends_itself = script[-1].endswith('halt')
    done = run(block, '--dialogue',
               script if ends_itself else script + ['halt'])
    if done.returncode != 0:
        sys.exit(f'{block.where()}: {done.stdout}{done.stderr}')
    lines = [places.without(line).rstrip()
             for line in done.stdout.rstrip('\n').split('\n')]
    first = next(line for line in block.lines if expect.typed(line))
    lines = lines[lines.index(first):]
    last = max(number for number, line in enumerate(lines)
               if expect.typed(line) == 'halt')
    return lines if ends_itself else lines[:last]


def write(name):
    """Puts what the machine says into all dialogues of a page."""
    page = pages.Page(pages.ROOT / name)
    lines = page.path.read_text().split('\n')
    for block in reversed(dialogues(page)):
        lines[block.line:block.line + len(block.lines)] = \
            transcript_for(block)
    page.path.write_text('\n'.join(lines))


def main():
    if sys.argv[1:2] == ['--write']:
        for name in sys.argv[2:]:
            write(name)
        return
    only = sys.argv[1:]
    tap = pages.Tap()
    for page in pages.all_pages():
        if only and page.name not in only:
            continue
        for block in dialogues(page):
            name = block.where().replace('/', '.').replace('.md', '')
            try:
                tap.report(f'docs.dialogue.{name}', hold(block))
            except Missing as missing:
                tap.report(f'docs.dialogue.{name}', [], skip=str(missing))
    tap.done()


main()
