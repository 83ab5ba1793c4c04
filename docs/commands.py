"""Writes docs/commands.md: the help of every command. A test fails when it is out of date.

python docs/commands.py
"""

from collections.abc import Iterator
from pathlib import Path

import click

from grader.cli.grade import grade
from grader.cli.grader import grader
from grader.cli.options import CONTEXT

HEAD = """# Commands

Made by `python docs/commands.py` from the commands themselves.

The shell completes commands, options and the names of exercises once it is told to, in bash by these lines in
`~/.bashrc` (for zsh and fish, `zsh_source` and `fish_source`):

```sh
eval "$(_GRADE_COMPLETE=bash_source grade)"
eval "$(_GRADER_COMPLETE=bash_source grader)"
```
"""
TARGET = Path(__file__).with_suffix(".md")


def helps(command: click.Command, path: str, parent: click.Context | None = None) -> Iterator[tuple[str, str]]:
    """(command, its help), those below it after it."""
    context = click.Context(command, info_name=path.rpartition(" ")[2], parent=parent, terminal_width=100, **CONTEXT)
    yield path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from helps(command.commands[name], f"{path} {name}", context)


def text() -> str:
    parts = [HEAD]
    for path, said in [*helps(grade, "grade"), *helps(grader, "grader")]:
        parts.append(f"\n## {path}\n\n```\n{said}\n```\n")
    return "".join(parts)


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
