#!/usr/bin/python3
"""Each function of the nucleus has its page, and all pages the same form."""
import re

import pages

SECTIONS = ['What it does', 'Arguments', 'Results', 'Breaks', 'Cost',
            'Example', 'History']
MANUAL = pages.ROOT / 'docs/man'
RESULT_ROW = re.compile(r'^\| (\d+) \| `(\w+)` \| (.+) \|$')


def mask_bit(number):
    return number // 2 if number < 128 else number - 80


def title_problems(page, number, name):
    wanted = '# ' + name.replace('_', ' ')
    if not page.headings or page.headings[0] != wanted:
        yield f'{page.name}: the title is not "{wanted}"'
    head = ' '.join(line for _, line in page.prose[:6])
    wanted = f'Function {number}, `{name}`. Mask bit {mask_bit(number)}.'
    if wanted not in head:
        yield f'{page.name}: below the title should stand: {wanted}'


def result_problems(page, results):
    rows = 0
    lines = page.section('Results')
    for line in lines:
        if not line.startswith('| ') or line.startswith('| no. |'):
            continue
        rows += 1
        row = RESULT_ROW.match(line)
        if row is None:
            yield f'{page.name}: not a row of results: {line}'
        elif results.get(row.group(2)) != int(row.group(1)):
            yield (f'{page.name}: result {row.group(1)} is not called '
                   f'{row.group(2)} in results.def')
    if rows == 0 and 'no refusals' not in ' '.join(lines):
        yield f'{page.name}: neither results nor "no refusals"'


def example_problems(page, name):
    text = page.path.read_text()
    example = text[text.find('\n## Example'):text.find('\n## History')]
    if '```c\n' not in example:
        yield f'{page.name}: the example holds no block of C'
    if not re.search(r'\bkerne_\w+\(', example):
        yield f'{page.name}: the example calls nothing of calls.h'


def main():
    tap = pages.Tap()
    functions, results = pages.functions(), pages.results()
    index = (MANUAL / 'README.md').read_text()
    for number, name in functions.items():
        path = MANUAL / f'{name}.md'
        if not path.exists():
            tap.report(f'docs.function.{name}',
                       [f'write docs/man/{name}.md for function {number}'])
            continue
        page = pages.Page(path)
        problems = list(title_problems(page, number, name))
        if page.sections() != SECTIONS:
            problems.append(f'{page.name}: the sections are not, in order: '
                            + ', '.join(SECTIONS))
        problems += result_problems(page, results)
        problems += example_problems(page, name)
        row = f'| {number} | [{name.replace("_", " ")}]({name}.md) |'
        if row not in index:
            problems.append(f'docs/man/README.md has no line "{row} ..."')
        tap.report(f'docs.function.{name}', problems)

    named = {row.group(2) for path in MANUAL.glob('*.md')
             for row in map(RESULT_ROW.match, path.read_text().split('\n'))
             if row}
    tap.report('docs.function.every_result_is_explained',
               [f'no page says when the result {name} comes'
                for name in results if name not in named])

    known = set(functions.values())
    strangers = [path.name for path in MANUAL.glob('*.md')
                 if re.search(r'^Function \d', path.read_text(), re.M)
                 and path.stem not in known]
    tap.report('docs.function.no_page_without_function',
               [f'docs/man/{name} is the page of no function'
                for name in strangers])
    tap.done()


main()
