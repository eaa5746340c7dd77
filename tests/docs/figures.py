#!/usr/bin/python3
"""The figures on the pages are those that ./check bench measured last.

A figure is a row of a table on any page, | `NAME` | VALUE | ....  It may be off
by a fiftieth; a disk's by as much as the baseline may, since the host decides
how many requests one interrupt brings.  Where the bench says in which function
most of it is spent, the row names that, as `FUNCTION`.

`tests/docs/figures.py --write` writes the measured values; not the words.
"""
import json
import os
import re
import sys

import pages

import cross  # found by way of pages
import size

sys.path.insert(0, str(pages.ROOT / 'tests' / 'bench'))

import curves  # noqa: E402 (found by the path above)

ROW = re.compile(r'^\| `([a-z]+(?:\.\w+)+)` \| ([0-9,]+) \|(.*)', re.M)
PLACE = re.compile(r'most in (\w+)')
TOLERANCE = 0.02


def measured():
    """name -> value, and name -> function; what can be counted without a run
    is counted."""
    build = os.environ.get('KERNE_BUILD', str(pages.ROOT / 'build'))
    figures, places = {}, {}
    path = os.path.join(build, 'bench.json')
    if os.path.exists(path):
        with open(path, encoding='utf-8') as file:
            for entry in json.load(file):
                figures[entry['name']] = entry['value']
                place = PLACE.search(entry['unit'])
                if place:
                    places[entry['name']] = place.group(1)
    figures['nucleus.lines'] = sum(size.count_lines(pages.ROOT).values())
    return figures, places


def write(figures):
    def row(match):
        name, _, rest = match.groups()
        value = figures.get(name)
        if value is None:
            sys.exit(f'{name} has not been measured; run ./check bench')
        return f'| `{name}` | {value:,} |{rest}'
    for page in pages.all_pages():
        text = page.path.read_text()
        if ROW.search(text):
            page.path.write_text(ROW.sub(row, text))


def problems(page, name, shown, rest, figures, places):
    value = figures[name]
    tolerance = curves.tolerance(name) \
        if name.startswith(('disk.', 'store.')) else TOLERANCE
    if abs(shown - value) > tolerance * value:
        yield (f'{page.name} says {shown:,}, measured is {value:,}; '
               'tests/docs/figures.py --write writes it')
    if name in places and f'`{places[name]}`' not in rest:
        yield (f'{page.name} does not say that most of it is in '
               f'`{places[name]}`')


def main():
    figures, places = measured()
    if sys.argv[1:] == ['--write']:
        write(figures)
        return
    tap = pages.Tap()
    foreign = cross.why_not_comparable()
    for page in pages.all_pages():
        rows = ROW.findall(page.path.read_text())
        if page.name == 'README.md':
            tap.report('docs.figure.table_is_read', [] if len(rows) > 10 else
                       ['README.md has no table of figures'])
        for name, text, rest in rows:
            label = f'docs.figure.{page.path.stem}.{name}'
            shown = int(text.replace(',', ''))
            if foreign:
                tap.report(label, [], skip=foreign)
            elif name in figures:
                tap.report(label, list(problems(page, name, shown, rest,
                                                figures, places)))
            elif len(figures) > 1:
                tap.report(label, ['./check bench does not measure it'])
            else:
                tap.report(label, [], skip='not measured yet: run ./check '
                                           'bench')
    tap.done()


main()
