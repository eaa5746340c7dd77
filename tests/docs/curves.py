#!/usr/bin/python3
"""The curves in docs/figures/ are those that ./check bench measured last.

A point may be off by 2 %.  `tests/docs/curves.py --write` draws them anew; what
only ./check bench --scale measures to its end, after that.
"""
import json
import os
import sys

import pages

import cross  # found by way of pages

sys.path.insert(0, str(pages.ROOT / 'tests' / 'bench'))
import curves  # noqa: E402 (found by the path above)

FOLDER = pages.ROOT / 'docs' / 'figures'


def measured():
    build = os.environ.get('KERNE_BUILD', str(pages.ROOT / 'build'))
    path = os.path.join(build, 'bench.json')
    if not os.path.exists(path):
        return []
    with open(path, encoding='utf-8') as file:
        return json.load(file)


def path_of(chart):
    return FOLDER / f'{chart.file}.svg'


def goes_further(shown, found):
    """Whether more is drawn of the curves than was measured of them now."""
    return any(max(shown[stem]) > max(found[stem])
               for stem in set(shown) & set(found))


def differences(shown, found):
    """In words; both are stem -> {number: value}."""
    for stem in sorted(set(shown) ^ set(found)):
        yield f'{stem} is ' + ('drawn and was not measured' if stem in shown
                               else 'measured and is not drawn')
    for stem in sorted(set(shown) & set(found)):
        drawn = {number for number in shown[stem]
                 if number <= max(found[stem])}
        if drawn != set(found[stem]):
            yield f'{stem} is drawn at {sorted(drawn)}, and was ' \
                  f'measured at {sorted(found[stem])}'
            continue
        for number, value in found[stem].items():
            if abs(shown[stem][number] - value) > \
                    curves.tolerance(stem) * value:
                yield f'{stem} at {number}: {shown[stem][number]:,.0f} is ' \
                      f'drawn, measured is {value:,}'


def main():
    figures = measured()
    if sys.argv[1:] == ['--write']:
        if not curves.group(figures):
            sys.exit('no curve has been measured; run ./check bench')
        further = [chart for chart in curves.CHARTS if path_of(chart).exists()
                   and goes_further(curves.read(path_of(chart)),
                                    curves.of_chart(chart, figures))]
        curves.draw_all(figures, FOLDER, [chart for chart in curves.CHARTS
                                          if chart not in further])
        for chart in further:
            print(f'{chart.file} stays as it is: ./check bench --scale '
                  'measures all of it')
        return
    tap = pages.Tap()
    for chart in curves.CHARTS:
        name, path = f'docs.curve.{chart.file}', path_of(chart)
        if not path.exists():
            tap.report(name, [f'docs/figures/{path.name} is missing; '
                              'tests/docs/curves.py --write draws it'])
        elif cross.why_not_comparable():
            tap.report(name, [], skip=cross.why_not_comparable())
        elif not curves.group(figures):
            tap.report(name, [], skip='not measured yet: run ./check bench')
        else:
            wrong = list(differences(curves.read(path),
                                     curves.of_chart(chart, figures)))
            if wrong:
                wrong.append('tests/docs/curves.py --write draws it anew')
            tap.report(name, wrong)
    tap.done()


main()
