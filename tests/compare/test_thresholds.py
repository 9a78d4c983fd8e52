"""Thresholds of pyproject.toml, valid and invalid."""

import pytest

from nearhit.compare import Thresholds, thresholds_from
from nearhit.errors import BadInputError


def write(folder, *lines):
    (folder / "pyproject.toml").write_text("\n".join(lines))
    return folder


def test_defaults_are_there_without_a_table(tmp_path):
    assert thresholds_from(write(tmp_path, "[project]", 'name = "x"')) == Thresholds()


def test_the_nearest_file_counts(tmp_path):
    inner = tmp_path / "src" / "deep"
    inner.mkdir(parents=True)
    write(tmp_path, "[tool.nearhit.compare]", "seconds = 0.03", "false_alarms = 0.05")
    found = thresholds_from(inner)
    assert (found.of["seconds"], found.false_alarms) == (0.03, 0.05)
    assert found.of["recall_loss"] == Thresholds().of["recall_loss"]
    write(inner.parent, "[tool.nearhit.compare]", "inefficiency = 0.002", "unclear_beyond = 1")
    found = thresholds_from(inner)
    assert (found.of["inefficiency"], found.of["seconds"]) == (0.002, 0.01)
    assert found.unclear_beyond == 1.0


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("secods = 0.1", r"has no 'secods' \(did you mean .*seconds"),
        ('seconds = "1 %"', r"seconds of .* must be a number, 0 or more, not '1 %'"),
        ("seconds = -0.1", r"must be a number, 0 or more, not -0.1"),
        ("seconds = nan", r"must be a number, 0 or more, not nan"),
        ("seconds = true", r"must be a number, 0 or more, not True"),
        ("false_alarms = 1.0", r"must be a share between 0 and 1, not 1.0"),
        ("= 3", r"pyproject.toml cannot be read"),
    ],
)
def test_anything_else_is_refused_in_one_sentence(tmp_path, line, answer):
    write(tmp_path, "[tool.nearhit.compare]", line)
    with pytest.raises(BadInputError, match=answer) as refused:
        thresholds_from(tmp_path)
    assert "\n" not in str(refused.value)
