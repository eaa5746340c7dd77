#!/usr/bin/python3
"""The figures in README.md are those that ./check bench measured last.

A figure may be off by a tenth, so that not every change of the nucleus has to
change the page.  `tests/docs/figures.py --write` writes the measured ones.
"""
import json
import os
import re
import sys

import pages

sys.path.insert(0, str(pages.ROOT / 'tools'))
import size  # noqa: E402 (found by the path above)

README = pages.ROOT / 'README.md'
ROW = re.compile(r'^\| `([a-z]+\.\w+)` \| ([0-9,]+) \|', re.M)
TOLERANCE = 0.1


def measured():
    """name -> value; what can be counted without a run is counted."""
    build = os.environ.get('KERNE_BUILD', str(pages.ROOT / 'build'))
    figures = {}
    path = os.path.join(build, 'bench.json')
    if os.path.exists(path):
        with open(path, encoding='utf-8') as file:
            figures = {entry['name']: entry['value']
                       for entry in json.load(file)}
    figures['nucleus.lines'] = sum(size.count_lines(pages.ROOT).values())
    return figures


def write(figures):
    def row(match):
        name = match.group(1)
        value = figures.get(name)
        if value is None:
            sys.exit(f'{name} has not been measured; run ./check bench')
        return f'| `{name}` | {value:,} |'
    README.write_text(ROW.sub(row, README.read_text()))


def main():
    figures = measured()
    if sys.argv[1:] == ['--write']:
        write(figures)
        return
    tap = pages.Tap()
    rows = ROW.findall(README.read_text())
    tap.report('docs.figure.table_is_read',
               [] if len(rows) > 5 else ['README.md has no table of figures'])
    for name, text in rows:
        value, shown = figures.get(name), int(text.replace(',', ''))
        if value is None:
            tap.report(f'docs.figure.{name}', [],
                       skip='not measured yet: run ./check bench')
        elif abs(shown - value) > TOLERANCE * value:
            tap.report(f'docs.figure.{name}',
                       [f'README.md says {shown:,}, measured is {value:,}; '
                        'tests/docs/figures.py --write writes it'])
        else:
            tap.report(f'docs.figure.{name}', [])
    tap.done()


main()
