#!/usr/bin/python3
"""Every dialogue on a page is held again, and the machine says the same.

A block marked `dialogue` shows a stretch of the console's transcript.  Its
lines that begin with the prompt, or with `to `, were typed by the operator.
What comes before the first line shown, and after the last, is not compared.
Comments before the block declare what differs from run to run:

    <!-- varies: [0-9]+ ms -->

Whatever matches is taken as equal; `run: --icount` gives options of ./run.  A
block marked `c file NAME.c` is a program; the dialogues after it are held with
`./run --with NAME.c`, as a reader would who has typed it, and with the other
files that stand before.

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

PROMPT = re.compile(r'(?:[a-z][a-z0-9_-]*/[a-z0-9_/.-]+)?> ')
DECLARED = re.compile(r'^<!-- (varies|run): (.+) -->$')
DEADLINE = 60


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


def typed(line):
    """What the operator typed to get this line; None: the machine's."""
    prompt = PROMPT.match(line)
    if prompt:
        return line[prompt.end():]
    if line.startswith('to '):
        return line
    return None


def fixed_part(line, patterns):
    """The longest stretch of a line in which nothing varies."""
    for pattern in patterns:
        line = pattern.sub('\0', line)
    return max((part.strip() for part in line.split('\0')), key=len)


def script_of(block, patterns):
    """Lines for ./run --dialogue.  Before each typed line, what the machine
    says last before it is awaited, so that the order is that of the page."""
    script, last = [], ''
    for line in block.lines:
        text = typed(line)
        if text is None:
            last = fixed_part(line, patterns) or last
            continue
        if last and script:
            script.append('wait ' + last)
        script.append(text)
        last = ''
    if last and script:
        script.append('wait ' + last)
    if script and not script[-1].endswith('halt'):
        script.append('halt')
    return script


def masked(line, patterns):
    for pattern in patterns:
        line = pattern.sub('~', line)
    return re.sub(r' +', ' ', line.rstrip())


def compare(block, transcript, patterns):
    """None, or a description of the first difference."""
    wanted = [masked(line, patterns) for line in block.lines]
    got = [masked(line, patterns) for line in transcript]
    for start in range(len(got)):
        if got[start:start + len(wanted)] == wanted:
            return None
    starts = [i for i, line in enumerate(got) if line == wanted[0]]
    if not starts:
        return f'its first line did not come: {block.lines[0]}'

    def agreeing(start):
        pairs = zip(wanted, got[start:])
        count = 0
        for one, other in pairs:
            if one != other:
                break
            count += 1
        return count
    start = max(starts, key=agreeing)
    number = agreeing(start)
    page_line = block.lines[number] if number < len(wanted) else '(end)'
    came = transcript[start + number] if start + number < len(got) else '(end)'
    return (f'line {block.line + 1 + number} differs\n'
            f'the page has: {page_line}\nthe machine:  {came}')


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


def run(block, script):
    """Types a script on a fresh machine; the finished process."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / 'dialogue.txt'
        file.write_text('\n'.join(script) + '\n')
        return subprocess.run(
            [str(pages.ROOT / 'run'), '--deadline', str(DEADLINE),
             '--dialogue', str(file), *programs_for(block, folder),
             *' '.join(declared(block, 'run')).split()],
            cwd=pages.ROOT,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, timeout=10 * DEADLINE)


def hold(block):
    """The problems with one dialogue."""
    patterns = patterns_of(block)
    script = script_of(block, patterns)
    if not script:
        return [f'{block.where()}: nothing in it is typed']
    done = run(block, script)
    transcript = done.stdout.split('\n')
    difference = compare(block, transcript, patterns)
    problems = []
    if difference:
        problems.append(f'{block.where()}: {difference}')
    if done.returncode != 0:
        problems.append(f'{block.where()}: exit status {done.returncode}')
        problems += done.stderr.split('\n')[-5:]
    if problems:
        problems += ['if the machine is right: tests/docs/dialogues.py '
                     f'--write {block.page.name}', 'the transcript:']
        problems += transcript[-40:]
    return problems


def dialogues(page):
    return [block for block in page.blocks if block.mark == 'dialogue']


def transcript_for(block):
    """What stands in the block when it has just been held."""
    script = [typed(line) or line for line in block.lines
              if typed(line) or line.startswith('wait ')]
    ends_itself = script[-1].endswith('halt')
    done = run(block, script if ends_itself else script + ['halt'])
    if done.returncode != 0:
        sys.exit(f'{block.where()}: {done.stdout}{done.stderr}')
    lines = [line.rstrip() for line in done.stdout.rstrip('\n').split('\n')]
    first = next(line for line in block.lines if typed(line))
    lines = lines[lines.index(first):]
    last = max(number for number, line in enumerate(lines)
               if typed(line) == 'halt')
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
            tap.report(f'docs.dialogue.{name}', hold(block))
    tap.done()


main()
