#!/usr/bin/python3
"""The table on linux's page is made of parents/linux/calls/table.def:

    <!-- made of table.def -->
    ...
    <!-- end -->

`tests/docs/linux_calls.py --write` makes it.  A comment right above a call's
line says what of it is not there; without, all is as Linux's man page has it.
"""
import re
import sys

import pages

SOURCE = pages.ROOT / 'parents/linux/calls/table.def'
PAGE = pages.ROOT / 'docs/man/programs/linux.md'
PART = re.compile(r'(?<=<!-- made of table.def -->\n).*?(?=<!-- end -->)', re.S)
ENTRY = re.compile(r'(?:^/\* ([^*]*(?:\*(?!/)[^*]*)*) \*/\n)?'
                   r'^LINUX_(?:CALL|SAME)\((\d+), (\w+),', re.M)
LEAST = 100 # calls; fewer: the list has changed its form


def calls():
    """By number: name, and what is not there."""
    return {int(number): (name, ' '.join((lacks or '').split()))
            for lacks, number, name in ENTRY.findall(SOURCE.read_text())}


def part():
    rows = [f'| {number} | `{name}` | {lacks} |'.replace('|  |', '| |')
            for number, (name, lacks) in sorted(calls().items())]
    return '\n'.join(['', '| number | call | what of it is not there |',
                      '|---|---|---|', *rows, '', ''])


def main():
    text = PAGE.read_text()
    made = PART.sub(lambda found: part(), text)
    if sys.argv[1:] == ['--write']:
        PAGE.write_text(made)
        return
    tap = pages.Tap()
    lines = SOURCE.read_text().count('\nLINUX_')
    tap.report('docs.calls.list_is_read',
               [] if len(calls()) == lines > LEAST else
               [f'{SOURCE.name} has {lines} calls, of which {len(calls())} '
                'are understood; mend ENTRY'])
    tap.report('docs.calls.page_is_up_to_date',
               [] if PART.search(text) and made == text else
               [f'{PAGE.name} is not as table.def has it; '
                'tests/docs/linux_calls.py --write makes it anew'])
    tap.done()


main()
