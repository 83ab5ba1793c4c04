"""Charts of a class as inline SVG, each with its text alternative: numbers and fixed words only, so safe markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

    from grader.report.statistics import Distribution

WIDTH, HEIGHT = 400, 132  # of the plot in a histogram, in its own units: about the pixels of a phone
TOP, BOX, AXIS = 18, 26, 18  # room for the counts, the quartiles and the labels


def draw_histogram(distribution: Distribution, name: str) -> Markup:
    """Bars with their counts, below them the quartiles as a box with median and mean; `name` keeps ids apart."""
    from markupsafe import Markup

    bins, most = distribution.bins, max(distribution.bins)
    step = WIDTH / len(bins)
    base = TOP + HEIGHT
    bars, counts = "", ""
    for i, count in enumerate(bins):
        if not count:
            continue
        height = max(2.0, HEIGHT * count / most)
        bars += f"M{i * step + 2:g} {base}v{-height:.1f}h{step - 4:g}v{height:.1f}z"
        counts += f'<text x="{(i + 0.5) * step:g}" y="{base - height - 5:.1f}">{count:,}</text>'
    scale = "".join(f'<text x="{WIDTH * part / 4:g}" y="{base + BOX + 14}">{25 * part}</text>' for part in range(5))
    middle = base + BOX / 2 + 2
    lower, median, upper, mean = (
        round(WIDTH * value, 1)
        for value in (distribution.lower, distribution.median, distribution.upper, distribution.mean)
    )
    return Markup(
        f'<svg class="histogram" role="img" aria-labelledby="{name}-title {name}-what"'
        f' viewBox="-14 0 {WIDTH + 28} {base + BOX + AXIS}"><title id="{name}-title">Distribution of scores</title>'
        f'<desc id="{name}-what">{_tell(distribution)}</desc><path class="bars" d="{bars}"/>'
        f'<path class="axis" d="M0 {base}h{WIDTH}"/>{counts}'
        f'<path class="range" d="M{lower} {middle - 6}h{upper - lower:.1f}v12H{lower}z"/>'
        f'<path class="median" d="M{median} {middle - 9}v18"/><circle class="mean" cx="{mean}" cy="{middle}" r="4"/>'
        f"{scale}</svg>"
    )


def draw_outline(distribution: Distribution) -> Markup:
    """The bars alone, small enough for a line of text, which says the rest."""
    from markupsafe import Markup

    most = max(distribution.bins)
    bars = "".join(
        f"M{9 * i} 24v{-max(1.5, 22 * count / most):.1f}h7V24z" for i, count in enumerate(distribution.bins) if count
    )
    end = 9 * len(distribution.bins) - 2
    return Markup(
        f'<svg class="outline" aria-hidden="true" viewBox="0 0 {end} 25"><path class="bars" d="{bars}"/>'
        f'<path class="axis" d="M0 24.5h{end}"/></svg>'
    )


def draw_share(share: float) -> Markup:
    """A bar filled by a share, beside the number that says it."""
    from markupsafe import Markup

    return Markup(
        '<svg class="share" aria-hidden="true" viewBox="0 0 60 6"><rect class="track" width="60" height="6" rx="3"/>'
        f'<rect class="part" width="{60 * share:.1f}" height="6" rx="3"/></svg>'
    )


def _tell(distribution: Distribution) -> str:
    width = 100 // len(distribution.bins)
    bins = (f"{i * width} to {(i + 1) * width} percent: {count:,}" for i, count in enumerate(distribution.bins))
    return (
        f"Students by score. {'; '.join(bins)}. Mean {distribution.mean:.0%}, median {distribution.median:.0%},"
        f" middle half from {distribution.lower:.0%} to {distribution.upper:.0%}."
    )
