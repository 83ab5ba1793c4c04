"""What a GitHub runner gives to a step: the student's repository, and files to write into."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import GraderError
from grader.integrations.classroom.escape import one_line

MAX_LINE = 300  # characters


class ClassroomError(GraderError):
    """A step that is not run where it belongs, or a template that cannot be written. The message says what to do."""


@dataclass(frozen=True)
class Runner:
    repository: Path
    output: Path
    summary: Path | None

    @staticmethod
    def of(environment: Mapping[str, str]) -> Runner:
        """The runner that an environment tells of. Raises ClassroomError where it tells of none."""
        if not environment.get("GITHUB_OUTPUT"):
            raise ClassroomError(
                "GITHUB_OUTPUT is not set: this command is a step of the GitHub action. Elsewhere, use `grade`."
            )
        summary = environment.get("GITHUB_STEP_SUMMARY")
        return Runner(
            Path(environment.get("GITHUB_WORKSPACE") or ".").resolve(),
            Path(environment["GITHUB_OUTPUT"]),
            Path(summary) if summary else None,
        )

    def set_result(self, encoded: str) -> None:
        """The step's output `result`, in the place of one that stands there already."""
        lines = self.output.read_text(encoding="utf-8").splitlines() if self.output.exists() else []
        kept = [line for line in lines if not line.startswith("result=")]
        self.output.write_text("\n".join([*kept, f"result={encoded}", ""]), encoding="utf-8", newline="\n")

    def add_summary(self, text: str) -> None:
        if self.summary is not None:
            with self.summary.open("a", encoding="utf-8", newline="\n") as file:
                file.write(text + "\n")


def log_lines(texts: Sequence[str], commands: Sequence[str]) -> Iterator[str]:
    """Lines for the step's log: the texts, in which a runner looks for no command, then the commands."""
    token = secrets.token_hex(16)
    yield f"::stop-commands::{token}"
    yield from (one_line(text, MAX_LINE) for text in texts)
    yield f"::{token}::"
    yield from commands
