#!/usr/bin/env python3
"""Prints statistics_reference.inc: what scipy computes for Student's t and paired differences.

    python3 tests/lab/statistics_reference.py > tests/lab/statistics_reference.inc

Needs Debian's python3-scipy.
"""
from scipy import __version__, optimize, stats


def bound(share, freedom):
    """What t.ppf returns is off by 1e-9 (scipy 1.10), so its distribution is inverted here."""
    return optimize.brentq(lambda t: 2 * stats.t.sf(t, freedom) - (1 - share), 0, 100, xtol=1e-15)



print(f"// Made by statistics_reference.py with scipy {__version__}.")
print("// {t, degrees of freedom, P(|T| < t)}")
print("const std::vector<std::array<double, 3>> within = {")
for freedom in (1, 2, 3, 4, 5, 9, 10, 29, 30, 101):
    for t in (0.1, 1, 2.5, 7):
        print(f"    {{{t}, {freedom}, {1 - 2 * stats.t.sf(t, freedom):.17g}}},")
print("};")
print("// {share, degrees of freedom, t}")
print("const std::vector<std::array<double, 3>> bounds = {")
for freedom in (1, 2, 3, 9, 30, 200):
    for share in (0.6, 0.95):
        print(f"    {{{share}, {freedom}, {bound(share, freedom):.17g}}},")
print("};")
a = [0.983, 0.9841, 0.9822, 0.9835, 0.9828, 0.9844, 0.9817]
b = [0.981, 0.9829, 0.9824, 0.9821, 0.9826, 0.9838, 0.9809]
difference = [x - y for x, y in zip(a, b)]
interval = stats.t.interval(0.95, len(a) - 1, stats.tmean(difference), stats.sem(difference))
visible = (bound(0.95, 6) + bound(0.6, 6)) * stats.sem(difference)
numbers = (stats.tmean(difference), stats.tstd(difference), *interval, stats.ttest_rel(a, b).pvalue, visible)
for name, values in (("treatment", a), ("reference", b), ("paired", numbers)):
    print(f"const std::vector<double> {name} = {{{', '.join(f'{x:.17g}' for x in values)}}};")
