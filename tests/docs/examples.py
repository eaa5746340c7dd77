#!/usr/bin/python3
"""Blocks of C compile; quotations stand in the file that they name."""
import re
import subprocess
import tempfile

import pages

import cross  # found by way of pages

COMPILER = [
    cross.COMPILER, '-std=gnu11', '-O2', '-march=rv64gc',
    '-mabi=lp64d', '-mcmodel=medany', '--specs=picolibc.specs', '-Wall',
    '-Wextra', '-Wshadow', '-Wconversion', '-Werror', '-c', '-x', 'c', '-',
    '-I', str(pages.ROOT / 'nucleus/abi'),
    '-I', str(pages.ROOT / 'children/lib'),
]
# A fragment shows calls; what it does with their outcome is left out.
FRAGMENT = ['-Wno-unused-variable', '-Wno-unused-but-set-variable']
TRACED = re.compile(r'(parts|listing) \S+$')  # listings.py checks them
# A file that a reader types; dialogues.py compiles it, and runs it.
FILE_LINES = 79
BOOK_FILE_LINES = 119
BEFORE = ('#include <calls.h>\n#include <parent.h>\n'
          'void example(void);\nvoid example(void)\n{\n#line {line}\n')


def is_program(block):
    return any('int main(' in line for line in block.lines)


def compile_problems(block):
    text, options = block.text(), []
    if not is_program(block):
        text = BEFORE.replace('{line}', str(block.line + 1)) + text + '}\n'
        options = FRAGMENT
    with tempfile.NamedTemporaryFile(suffix='.o') as output:
        done = subprocess.run(
            COMPILER + options + ['-o', output.name], input=text, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600)
    if done.returncode == 0:
        return []
    return [f'{block.where()}: this does not compile'] + \
        done.stdout.split('\n')[:12]


def gaps(lines):
    """The runs of lines between lines that are only '...'."""
    run = []
    for line in lines:
        if line.strip() in ('...', '/* ... */'):
            yield run
            run = []
        else:
            run.append(line.rstrip())
    yield run


def quotation_problems(block):
    name = block.mark.split()[-1]
    path = pages.ROOT / name
    if not path.exists():
        return [f'{block.where()}: there is no {name}']
    source = [line.rstrip() for line in path.read_text().split('\n')]
    start = 0
    for run in gaps(block.lines):
        ends = [i + len(run) for i in range(start, len(source))
                if source[i:i + len(run)] == run]
        if run and not ends:
            return [f'{block.where()}: {name} has not, or not in this order:',
                    *run]
        start = ends[0] if run else start
    return []


def main():
    tap = pages.Tap()
    for page in pages.all_pages():
        for block in page.blocks:
            name = block.where().replace('/', '.').replace('.md', '')
            if block.mark == 'c':
                tap.report(f'docs.example.{name}', compile_problems(block))
            elif ' from ' in block.mark:
                tap.report(f'docs.quotation.{name}',
                           quotation_problems(block))
            elif block.mark.startswith('c file '):
                limit = BOOK_FILE_LINES if '/book/' in page.name \
                    else FILE_LINES
                tap.report(f'docs.length.{name}',
                           [f'{block.where()}: {len(block.lines)} lines are '
                            f'more than {limit}']
                           if len(block.lines) > limit else [])
            elif block.mark not in ('', 'text', 'dialogue', 'sh') and \
                    not TRACED.match(block.mark):
                tap.report(f'docs.example.{name}',
                           [f'nothing checks a block marked {block.mark}'])
    tap.done()


main()
