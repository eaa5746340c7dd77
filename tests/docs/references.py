#!/usr/bin/python3
"""What a page refers to exists: links, paths, functions, names, commands."""
import functools
import re
import subprocess

import pages

# Of standard C, or of the compiler's start-up: no source of ours has them.
STANDARD = {'main', 'printf', 'malloc', 'free', 'exit', 'sbrk', 'fgets', 'rand',
            'setjmp', 'assert', 'atexit', 'abort', 'time', 'clock', 'getenv',
            'system'}
FILE_NAME = re.compile(
    r'^[\w.-]+\.(c|h|S|def|md|py|ld|build|json|tar|txt|ini|json)$')
RESULT_IN_PROSE = re.compile(r'\bresult(?: is)? `(\w+)`')
BUILT = ('build/',)  # made by the build; not in the repository


@functools.lru_cache(None)
def defined_functions():
    names = set(STANDARD)
    # A function begins in the first column; its name may, too.
    function = re.compile(
        r'^(?:[A-Za-z_][\w \*]*[ \*])?(\w+)\((?!\*)', re.M)
    for page in pages.all_pages():
        for block in page.blocks: # programs that a reader types
            names.update(function.findall(block.text()))
    for path in pages.source_files('.c', '.h', '.S', '.py'):
        text = path.read_text()
        names.update(function.findall(text))
        names.update(re.findall(r'^#define (\w+)\(', text, re.M))
        names.update(re.findall(r'^\s*def (\w+)\(', text, re.M))
        if path.suffix == '.S':
            names.update(re.findall(r'^(\w+):', text, re.M))
    return names


@functools.lru_cache(None)
def interface_names():
    names = set()
    for path in pages.source_files('.h', '.def'):
        names.update(re.findall(r'\bKERNE_\w+', path.read_text()))
    names.update('KERNE_' + name for name in pages.functions().values())
    names.update('KERNE_r_' + name for name in pages.results())
    return names


@functools.lru_cache(None)
def file_names():
    listed = subprocess.run(
        ['git', 'ls-files', '--cached', '--others', '--exclude-standard'],
        cwd=pages.ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return {line.rsplit('/', 1)[-1] for line in listed.stdout.split('\n')}


@functools.lru_cache(None)
def help_of(script):
    try:
        done = subprocess.run(
            [str(pages.ROOT / script), '--help'], cwd=pages.ROOT, timeout=600,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        return done.stdout
    except OSError as error:
        return f'({script} --help failed: {error})'


def command_problem(word):
    script, *arguments = word.split()
    script = script[2:]
    if not (pages.ROOT / script).exists():
        return f'there is no {script}'
    for argument in arguments:
        option = argument.split('=')[0]
        is_suite = script == 'check' and argument[0] != '-'
        if not (option.startswith('-') or is_suite):
            continue
        if not re.search(rf'(?<![\w-]){re.escape(option)}(?![\w-])',
                         help_of(script)):
            return f'./{script} --help does not know {option}'
    return None


def word_problem(page, word):
    """What is wrong with a word in backticks, or None."""
    if re.match(r'\./(run|check)\b', word):
        return command_problem(word)
    if re.match(r'^\w+\(\)$', word):
        if word[:-2] not in defined_functions():
            return 'no source defines this function'
    elif re.match(r'^KERNE_\w+', word):
        name = re.match(r'\w+', word).group(0)
        if name not in interface_names():
            return 'no header has this name'
    elif ' ' not in word and '/' in word and re.match(r'^[\w./-]+$', word):
        if word.startswith(BUILT):
            return None
        places = (pages.ROOT / word, page.path.parent / word)
        if not any(place.exists() for place in places):
            return 'there is no such file or folder'
    elif FILE_NAME.match(word) and word not in file_names() and \
            all(block.mark != f'c file {word}' for block in page.blocks):
        return 'no file has this name'
    return None


def link_problem(page, target):
    if re.match(r'https?://', target):
        return 'a page must not need the network to be checked'
    path, _, anchor = target.partition('#')
    place = (page.path.parent / path) if path else page.path
    if not place.exists():
        return 'leads nowhere'
    if anchor and anchor not in pages.Page(place).anchors():
        return 'there is no such heading'
    return None


def problems_of(page, results):
    for line, target in page.links():
        problem = link_problem(page, target)
        if problem:
            yield f'{page.name}:{line}: link {target}: {problem}'
    for line, word in page.code_words():
        problem = word_problem(page, word)
        if problem:
            yield f'{page.name}:{line}: `{word}`: {problem}'
    for line, text in page.prose:
        for name in RESULT_IN_PROSE.findall(text):
            if name not in results:
                yield f'{page.name}:{line}: no result is called {name}'


def unreachable(all_pages):
    """Pages to which no other page has a link."""
    reached = set()
    for page in all_pages:
        for _, target in page.links():
            path = target.partition('#')[0]
            if path:
                reached.add((page.path.parent / path).resolve())
    for page in all_pages:
        if page.path.resolve() not in reached and page.name != 'README.md':
            yield f'{page.name}: no page has a link to it'


def other_minutes():
    """Labs of which the course says other minutes than their pages."""
    table = (pages.ROOT / 'docs' / 'teaching.md').read_text()
    planned = {int(lab): minutes for lab, minutes in re.findall(
        r'^\| \d+ \|.*\| (\d+), [^|]*\| (\d+) \|$', table, re.M)}
    for path in sorted((pages.ROOT / 'labs').glob('*/README.md')):
        lab = int(path.parent.name[:2])
        own, = re.findall(r'\*\*Minutes:\*\*\s(\d+)', path.read_text())
        if planned.get(lab) != own:
            yield (f'lab {lab}: {own} minutes; docs/teaching.md says '
                   f'{planned.get(lab)}')


def main():
    tap = pages.Tap()
    all_pages = pages.all_pages()
    results = pages.results()
    for page in all_pages:
        tap.report('docs.references.' + page.name[:-3].replace('/', '.'),
                   list(problems_of(page, results)))
    tap.report('docs.references.every_page_is_reached',
               list(unreachable(all_pages)))
    tap.report('docs.references.minutes_of_labs', list(other_minutes()))
    tap.done()


main()
