"""The blocks of code on a page of Markdown, and what a comment before each says of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

_MARK = re.compile(r"<!--\s*(?P<word>not run|file):\s*(?P<what>\S.*?)\s*-->", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One block of code.

    Attributes:
        page: its file.
        line: where it begins, from 1.
        language: `sh`, `python` and so on; empty if none is named.
        text: what is in it.
        not_run: why it cannot be run by a test; empty if it can.
        file: the name of the file that it shows; empty if it shows none.
    """

    page: Path
    line: int
    language: str
    text: str
    not_run: str = ""
    file: str = ""

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks_of(page: Path) -> Iterator[Block]:
    """Yield the blocks of code of a page, first to last."""
    mark: dict[str, str] = {}
    for token in MarkdownIt("gfm-like", {"linkify": False}).parse(page.read_text(encoding="utf-8")):
        if token.type == "html_block" and (found := _MARK.fullmatch(token.content.strip())):
            mark = {found["word"].replace(" ", "_"): found["what"]}
        elif token.type == "fence":
            line = (token.map or [0])[0] + 1
            yield Block(page, line, token.info.strip(), token.content, **mark)
            mark = {}
