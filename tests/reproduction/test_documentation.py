"""Figures named in docs/answers.md."""

import re
from pathlib import Path

from nearhit.reproduction import FIGURES

PAGE = (Path(__file__).parents[2] / "docs" / "answers.md").read_text()


def test_its_table_names_every_figure():
    rows = re.findall(r"^\| (`.*?) \|", PAGE, flags=re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`([\w-]+)`", row)]
    assert sorted(named) == sorted(FIGURES)


def test_its_examples_name_figures_that_exist():
    for name in re.findall(r"--only (\S+)", PAGE):
        assert name in FIGURES
