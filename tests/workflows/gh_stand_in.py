"""Stands in for `gh api`: the few requests that comment.yml makes, on a state in a JSON file."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jq

State = dict[str, Any]


def answer(state: State, method: str, parts: list[str], fields: dict[str, str]) -> Any:
    """Return what GitHub answers to a request, after it has changed the state."""
    match method, parts:
        case "GET", ["repos", _, _, "pulls"]:
            return state["pulls"]
        case "GET", ["repos", _, _, "issues", number, "comments"]:
            return state["comments"].get(number, [])
        case "POST", ["repos", _, _, "issues", number, "comments"]:
            of_issue = state["comments"].setdefault(number, [])
            of_issue.append({"id": state["next"], "user": {"login": BOT}, **fields})
            state["next"] += 1
            return of_issue[-1]
        case "PATCH", ["repos", _, _, "issues", "comments", wanted]:
            every = [one for of_issue in state["comments"].values() for one in of_issue]
            (comment,) = (one for one in every if str(one["id"]) == wanted)
            comment.update(fields)
            return comment
    raise ValueError(f"{method} {'/'.join(parts)} is no request of ours")


BOT = "github-actions[bot]"


def main() -> None:
    """Answer one request."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("api", choices=["api"])
    parser.add_argument("--paginate", action="store_true")
    parser.add_argument("--silent", action="store_true")
    parser.add_argument("--method", default="GET")
    parser.add_argument("--field", action="append", default=[])
    parser.add_argument("--jq", default=".")
    parser.add_argument("path")
    given = parser.parse_args()
    if not os.environ.get("GH_TOKEN"):
        sys.exit("gh: no token")
    file = Path(os.environ["GITHUB_STATE"])
    state = json.loads(file.read_text())
    parts = urlsplit(given.path).path.split("/")
    found = answer(state, given.method, parts, dict(map(_field, given.field)))
    file.write_text(json.dumps(state))
    if not given.silent:
        asked = given.jq.replace(
            "env.", "$ENV."
        )  # as gh's own jq takes it, from the same variables
        for value in jq.compile(asked).input_value(found):
            sys.stdout.write(f"{value if isinstance(value, str) else json.dumps(value)}\n")


def _field(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, Path(value[1:]).read_text() if value.startswith("@") else value


if __name__ == "__main__":
    main()
