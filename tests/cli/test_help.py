"""Every command has help, and docs/commands.md shows it as it is."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

DOCS = Path(__file__).parents[2] / "docs"
spec = importlib.util.spec_from_file_location("commands", DOCS / "commands.py")
commands = importlib.util.module_from_spec(spec)
spec.loader.exec_module(commands)


def test_the_documented_help_is_that_of_the_commands():
    assert (DOCS / "commands.md").read_text(encoding="utf-8") == commands.text(), "run: python docs/commands.py"


def test_every_command_and_option_says_what_it_does():
    found = [commands.grade, commands.grader, *commands.grader.commands.values()]
    found += [inner for each in found if isinstance(each, click.Group) for inner in each.commands.values()]
    for command in found:
        assert command.help, command.name
        for option in command.params:
            assert isinstance(option, click.Argument) or option.help, (command.name, option.name)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("grade -e sof", ["plain,softmax"]),
        ("grader check lstm", ["plain,lstm_cell"]),
        ("grader gradescope build gru", ["plain,gru_cell"]),
        ("grader pac", ["plain,pack"]),
    ],
)
def test_the_shell_completes_commands_and_exercises(words, expected):
    program = words.split()[0]
    code = {
        "grade": "from grader.cli.grade import grade as main",
        "grader": "from grader.cli.grader import grader as main",
    }[program]
    environment = os.environ | {
        f"_{program.upper()}_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    command = [sys.executable, "-c", f"{code}; main(prog_name={program!r})"]
    done = subprocess.run(command, cwd=DOCS.parent, env=environment, capture_output=True, text=True)
    assert done.stdout.split() == expected, done.stderr
