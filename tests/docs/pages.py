"""The pages of docs/ and README.md, and what the checks of them share."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / 'tools'))
FENCE = re.compile(r'^(\s*)```(.*)$')
SOURCES = ('nucleus', 'arch', 'boot', 'parents', 'children', 'tests', 'tools')


class Block:
    """A fenced block: its first line's mark, its text, where it stands."""

    def __init__(self, page, line, mark, before):
        self.page, self.line, self.mark = page, line, mark
        self.before = before  # the last lines of text before it
        self.lines = []

    def where(self):
        return f'{self.page.name}:{self.line}'

    def text(self):
        return ''.join(line + '\n' for line in self.lines)


class Page:
    """One page: `prose` is (line number, text) outside of fenced blocks."""

    def __init__(self, path):
        self.path = path
        self.name = str(path.relative_to(ROOT))
        self.prose, self.blocks, self.headings = [], [], []
        block = None
        for number, line in enumerate(path.read_text().split('\n'), 1):
            fence = FENCE.match(line)
            if block is not None:
                if fence and not fence.group(2).strip():
                    block = None
                else:
                    block.lines.append(line)
            elif fence:
                before = [text for _, text in self.prose[-12:]]
                block = Block(self, number, fence.group(2).strip(), before)
                self.blocks.append(block)
            else:
                self.prose.append((number, line))
                if re.match(r'#+ ', line):
                    self.headings.append(line)

    def sections(self):
        """Titles of the second level, in order."""
        return [h[3:].strip() for h in self.headings if h.startswith('## ')]

    def section(self, title):
        """The prose lines of the section with this title."""
        lines, within = [], False
        for _, line in self.prose:
            if line.startswith('## '):
                within = line[3:].strip() == title
            elif within:
                lines.append(line)
        return lines

    def anchors(self):
        """The anchors of the headings, as they are made from their words."""
        result = set()
        for heading in self.headings:
            words = heading.lstrip('#').strip().lower()
            result.add(re.sub(r'[^\w\- ]', '', words).replace(' ', '-'))
        return result

    def code_words(self):
        """(line number, word) for each word or phrase in backticks."""
        text = '\n'.join(line for _, line in self.prose)
        numbers = [number for number, _ in self.prose]
        for match in re.finditer(r'`([^`]+)`', text):
            line = text.count('\n', 0, match.start())
            yield numbers[line], ' '.join(match.group(1).split())

    def links(self):
        """(line number, target) for each link."""
        for number, line in self.prose:
            line = re.sub(r'`[^`]*`', '', line)
            for match in re.finditer(r'\]\(([^)\s]+)\)', line):
                yield number, match.group(1)


def all_pages():
    paths = sorted((ROOT / 'docs').rglob('*.md'))
    for name in ('README.md', 'CONTRIBUTING.md'):
        if (ROOT / name).exists():
            paths.insert(0, ROOT / name)
    return [Page(path) for path in paths]


def definitions(path, macro):
    """The lines KERNE_FUNCTION(...) or KERNE_RESULT(...): tuples of fields."""
    text = (ROOT / path).read_text()
    found = re.findall(r'^' + macro + r'\((.*)\)$', text, re.M)
    return [tuple(field.strip() for field in line.split(',', 2))
            for line in found]


def functions():
    """number -> name, from functions.def."""
    return {int(number): name for number, name, _ in
            definitions('nucleus/abi/functions.def', 'KERNE_FUNCTION')}


def results():
    """name -> number, from results.def."""
    return {name: int(number) for number, name, _ in
            definitions('nucleus/abi/results.def', 'KERNE_RESULT')}


def source_files(*suffixes):
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob('*')):
            if path.suffix in suffixes and path.is_file():
                yield path


class Tap:
    """Reports checks as TAP, the plan at the end."""

    def __init__(self):
        self.count = 0
        print('TAP version 13', flush=True)

    def report(self, name, problems, skip=None):
        """One check: it passed if the list of problems is empty."""
        self.count += 1
        verdict = 'not ok' if problems else 'ok'
        reason = f' # SKIP {skip}' if skip else ''
        print(f'{verdict} {self.count} - {name}{reason}')
        for problem in problems:
            for line in str(problem).rstrip('\n').split('\n'):
                print(f'# {line}')
        print(end='', flush=True)

    def done(self):
        print(f'1..{self.count}', flush=True)
