"""What runs the steps of workflows here understands them as GitHub does."""

import pytest
from job import Run, evaluate, holds


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("github.event.number", 7),
        ("inputs.hours || '5'", "5"),
        ("inputs.what || '5'", "all"),
        ("hashFiles('a.lock')", "0" * 64),
    ],
)
def test_expressions_have_the_values_that_github_gives(tmp_path, expression, value):
    values = {"github": {"event": {"number": 7}}, "inputs": {"hours": "", "what": "all"}}
    run = Run(tmp_path, values, {})
    assert evaluate(expression, run) == value
    for unknown, error in (("secrets.TOKEN", KeyError), ("github.event > 3", ValueError)):
        with pytest.raises(error):
            evaluate(unknown, run)


def test_conditions_hold_as_github_says(tmp_path):
    run = Run(tmp_path, {"github": {"event": {"kind": "push"}}}, {})
    assert holds("github.event.kind == 'push' && github.event.kind != 'pull'", run)
    assert not holds("${{ github.event.kind == 'pull' }}", run)
    run.ended["a step"] = 1
    assert holds("${{ !cancelled() }}", run)
    assert not holds("success()", run)
    assert not holds("github.event.kind == 'push'", run)
