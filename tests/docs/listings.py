#!/usr/bin/python3
"""Blocks that say where the instructions of a figure go are what a trace says.

A block marked `parts FIGURE` is the table of tests/bench/listing.py; one marked
`listing FIGURE` has a line for each line of the sources on the way.  They must
be as a trace of the nucleus in the build directory has them now, to the
instruction; and the sum must be the figure that ./check bench measured last.

`tests/docs/listings.py --write` writes them.
"""
import functools
import json
import os
import re
import sys

import pages

sys.path.insert(0, str(pages.ROOT / 'tests' / 'bench'))
import listing  # noqa: E402 (found by the path above)

import cross  # noqa: E402 (found by way of pages)

BLOCK = re.compile(r'^```(parts|listing) (\S+)\n(.*?)^```$', re.M | re.S)
SHOWN = 3  # lines that differ


@functools.lru_cache(None)
def steps_of(figure):
    return listing.steps_of(figure)


def made(kind, figure):
    """The block's text."""
    lines = getattr(listing, kind)(steps_of(figure))
    return ''.join(line.rstrip() + '\n' for line in lines)


def measured():
    path = os.path.join(listing.boot.BUILD, 'bench.json')
    if not os.path.exists(path):
        return {}
    with open(path, encoding='utf-8') as file:
        return {entry['name']: entry['value'] for entry in json.load(file)}


def differences(shown, now):
    if shown != now:
        pairs = zip(shown.split('\n'), now.split('\n'))
        for old, new in [pair for pair in pairs if pair[0] != pair[1]][:SHOWN]:
            yield f'it says  {old}'
            yield f'a trace  {new}'
        yield 'tests/docs/listings.py --write writes it'


def sum_problems(figure, value):
    count = len(steps_of(figure))
    if count != value:
        yield (f'a round has {count} instructions now, and had {value} when '
               './check bench measured; let it measure again')


def write(page):
    text = page.path.read_text()
    new = BLOCK.sub(lambda block: '```{0} {1}\n{2}```'.format(
        *block.groups()[:2], made(*block.groups()[:2])), text)
    if new != text:
        page.path.write_text(new)


def check(tap):
    values = measured()
    figures = {}
    foreign = cross.why_not_comparable()
    if foreign:
        tap.report('docs.listings', [], skip=foreign)
        tap.done()
        return
    for page in pages.all_pages():
        for kind, figure, shown in BLOCK.findall(page.path.read_text()):
            figures[figure] = None
            tap.report(f'docs.{kind}.{page.path.stem}.{figure}',
                       list(differences(shown, made(kind, figure))))
    for figure in figures:
        name = f'docs.listing.sum.{figure}'
        if figure in values:
            tap.report(name, list(sum_problems(figure, values[figure])))
        else:
            tap.report(name, [], skip='not measured yet: run ./check bench')
    tap.report('docs.listing.blocks_are_read', [] if figures else
               ['no page has a block `listing FIGURE`'])
    tap.done()


def main():
    if sys.argv[1:] == ['--write']:
        for page in pages.all_pages():
            write(page)
    else:
        check(pages.Tap())


main()
