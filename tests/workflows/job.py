"""Runs a job of a workflow here, step by step, as GitHub does it with `shell: bash`.

`run:` steps are run as they are written. Of `${{ }}` what our workflows use is understood, and
nothing else. For a `uses:` step, which is GitHub's own, a test brings a stand-in.
"""

import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Values = dict[str, Any]
"""What expressions may name, nested: github, inputs, matrix, steps, vars."""

StandIn = Callable[["Run", Mapping[str, str]], None]
"""Does in the folder of a run what an action does with its inputs."""

_EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}", re.DOTALL)
_TERM = re.compile(r"'([^']*)'|([\w.-]+)(?:\(([^)]*)\))?")


@dataclass
class Run:
    """One run of a job.

    Attributes:
        folder: the workspace.
        values: what expressions may name.
        environment: variables of all steps.
        ended: exit code of every step that was run, by its name, or what it uses.
        said: what they printed, stderr after stdout.
        summary: what was written for the page of the run.
    """

    folder: Path
    values: Values
    environment: dict[str, str]
    ended: dict[str, int] = field(default_factory=dict)
    said: str = ""
    summary: str = ""

    @property
    def failed(self) -> bool:
        """Whether a step failed."""
        return any(self.ended.values())


def load(file: Path) -> dict[str, Any]:
    """Return a workflow."""
    workflow: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return workflow


def run_job(workflow: dict[str, Any], name: str, run: Run, stand_ins: dict[str, StandIn]) -> Run:
    """Run the steps of a job, those alone whose conditions hold: until one fails, for most."""
    assert workflow["defaults"]["run"] == {"shell": "bash"}, "only with it a pipe's failure counts"
    job = workflow["jobs"][name]
    if not holds(job.get("if", "success()"), run):
        return run
    for level in (workflow, job):
        run.environment |= expanded(level.get("env", {}), run)
    for step in job["steps"]:
        if holds(step.get("if", "success()"), run):
            _run_step(step, run, stand_ins)
    return run


def _run_step(step: dict[str, Any], run: Run, stand_ins: dict[str, StandIn]) -> None:
    if "uses" in step:
        action = step["uses"].partition("@")[0]
        stand_ins[action](run, expanded(step.get("with", {}), run))
        run.ended[step.get("name", action)] = 0
        return
    assert "${{" not in step["run"], (
        "an expression in a script is an injection: hand it over in env"
    )
    files = {name: run.folder.parent / f"{run.folder.name}-{name}" for name in _FILES}
    for file in files.values():
        file.write_text("")
    environment = run.environment | expanded(step.get("env", {}), run)
    environment |= {f"GITHUB_{name}": str(file) for name, file in files.items()}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=run.folder / step.get("working-directory", "."), env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    run.ended[step.get("name", step["run"])] = done.returncode
    run.said += done.stdout + done.stderr
    run.summary += files["STEP_SUMMARY"].read_text()
    outputs = dict(line.split("=", 1) for line in files["OUTPUT"].read_text().splitlines())
    outcome = "failure" if done.returncode else "success"
    told = {"outputs": outputs, "outcome": outcome}
    run.values.setdefault("steps", {})[step.get("id", "")] = told


_FILES = ("OUTPUT", "STEP_SUMMARY")


def expanded(table: Mapping[str, Any], run: Run) -> dict[str, str]:
    """Return a table of strings in which every expression is replaced by its value."""

    def value(match: re.Match[str]) -> str:
        return str(evaluate(match[1], run))

    return {key: _EXPRESSION.sub(value, _text(text)) for key, text in table.items()}


def holds(condition: str, run: Run) -> bool:
    """Return whether a condition holds: comparisons and functions, joined by `&&`."""
    whole = _EXPRESSION.fullmatch(condition.strip())
    parts = (whole[1] if whole else condition).split("&&")
    about_failure = any(word in condition for word in ("cancelled()", "always()", "failure()"))
    return (about_failure or not run.failed) and all(_one_holds(part, run) for part in parts)


def _one_holds(part: str, run: Run) -> bool:
    for sign, wanted in (("==", True), ("!=", False)):
        left, found, right = part.partition(sign)
        if found:
            return (evaluate(left, run) == evaluate(right, run)) is wanted
    text = part.strip()
    value = evaluate(text.removeprefix("!"), run)
    return not value if text.startswith("!") else bool(value)


def evaluate(expression: str, run: Run) -> Any:
    """Return the value of names, quoted text and functions; the first of several that is not empty.

    Raises:
        KeyError: a name that the run has no value for.
        ValueError: an expression of another form.
    """
    value: Any = ""
    for alternative in expression.split("||"):
        match = _TERM.fullmatch(alternative.strip())
        if match is None:
            raise ValueError(expression)
        quoted, name, arguments = match.groups()
        if quoted is not None:
            value = quoted
        elif arguments is not None:
            value = _FUNCTIONS[name](run)
        else:
            value = _named(name, run.values)
        if value:
            break
    return value


def _named(name: str, values: Values) -> Any:
    value: Any = values
    for key in name.split("."):
        value = value[key]
    return value


_FUNCTIONS: dict[str, Callable[[Run], Any]] = {
    "success": lambda run: not run.failed,
    "failure": lambda run: run.failed,
    "always": lambda _: True,
    "cancelled": lambda _: False,
    "hashFiles": lambda _: "0" * 64,
}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
