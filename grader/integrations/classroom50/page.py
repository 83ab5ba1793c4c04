"""report.html: the report of the one exercise, or those of several one below the other, in one file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from grader.integrations.classroom.outcome import Outcome
from grader.text import points, visible

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }}
summary {{ font-size: 1.2rem; font-weight: 600; padding: .5rem 0; cursor: pointer; }}
iframe {{ width: 100%; height: 85vh; border: 1px solid #8888; border-radius: .5rem; }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


def page(outcomes: Sequence[Outcome]) -> str:
    if len(outcomes) == 1 and outcomes[0].report:
        return outcomes[0].report
    graded = [outcome for outcome in outcomes if outcome.status != "fault"]
    score, worth = (
        sum(each) for each in zip(*[(each.score, each.max_score) for each in graded] or [(0, 0)], strict=True)
    )
    title = f"{points(score)} of {points(worth)} points" if graded else "Not graded"
    return PAGE.format(title=title, body="\n".join(map(section, outcomes)))


def section(outcome: Outcome) -> str:
    name = text(outcome.title or outcome.exercise)
    if not outcome.report:
        return f"<h2>{name}: not graded</h2>\n<p>{text(outcome.reason)}</p>"
    score = f"{points(outcome.score)} of {points(outcome.max_score)}"
    # A report in a frame of its own: no script of it would run, and its styles stay in it.
    frame = f'<iframe sandbox title="{name}" srcdoc="{escape(outcome.report)}"></iframe>'
    return f"<details open>\n<summary>{name}: {score}</summary>\n{frame}\n</details>"


def text(words: str) -> str:
    return escape(visible(words))
