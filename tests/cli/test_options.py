"""Options that would change nothing are refused, and so are requests that cannot be met."""

import pytest
from in_process import run_in_process
from nearhit.datasets.trackml_writer import write_event

from nearhit.cells.cell import Cell, check_memory
from nearhit.errors import BadInputError


@pytest.fixture(scope="module")
def event(toy_event, tmp_path_factory):
    prefix = tmp_path_factory.mktemp("events") / "event000000001"
    write_event(toy_event, prefix)
    return str(prefix)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """An event without truth."""
    file = tmp_path_factory.mktemp("tables") / "hits.csv"
    file.write_text("x,y,z\n" + "\n".join(f"{i},{i % 7},{i % 5}" for i in range(20)))
    return str(file)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("run EVENT -k 20", "--bucket-size changes nothing without --index"),
        ("run EVENT --metric angular", "--metric changes nothing without --index"),
        ("run EVENT --threads 1", "--threads changes nothing without --index"),
        ("run EVENT --device cpu", "--device changes nothing without --index"),
        ("run EVENT --index annoy --suite grids", "--suite changes nothing beside --index"),
        ("run EVENT --index annoy --repeats 1 --profile full", "--profile changes nothing beside"),
        ("run EVENT --suite pile-up", "EVENT changes nothing since the events of pile-up"),
        ("run --suite pile-up --volumes 7", "--volumes changes nothing since the events"),
        ("evaluate EVENT --tracker kalman -k 20", "--bucket-size changes nothing since kalman"),
        ("evaluate EVENT --tracker kalman --queries 5", "--queries changes nothing since kalman"),
        ("evaluate TABLE --min-pt 1 -k 5", "--min-pt changes nothing since hits has no truth"),
        ("run TABLE --min-hits 5", "--min-hits changes nothing since hits has no truth"),
        ("certify --every-distance --metric dot", "--metric changes nothing beside"),
        ("report --html a --insert-into b", "--insert-into changes nothing with --html"),
        ("report --html a --figures b", "--figures changes nothing with --html"),
        ("reproduce --again", "--again changes nothing without --measure"),
        ("reproduce --timeout 5", "--timeout changes nothing without --measure"),
        ("compare HERE HERE --seed 1", "--seed changes nothing between records"),
        ("compare HERE HERE --json --markdown", "--markdown changes nothing beside --json"),
        ("compare HEAD --library annoy==1 annoy==2", "A changes nothing beside --library"),
    ],
)
def test_an_option_that_would_change_nothing_is_refused(
    line, said, event, table, tmp_path, monkeypatch, capsys
):
    places = {"EVENT": event, "TABLE": table, "HERE": str(tmp_path)}
    assert run_in_process([places.get(word, word) for word in line.split()], monkeypatch) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("evaluate bundld", "'bundld' (did you mean bundled?)."),
        ("evaluate ttbar-mu2oo", "(did you mean ttbar-mu20"),
        ("evalute", "no command 'evalute' (did you mean evaluate?)."),
        ("evaluate EVENT --index hnswlb", "(did you mean hnswlib"),
        ("evaluate EVENT --index annoy(ntree=5)", "(did you mean ntrees?)."),
        ("evaluate EVENT --metric angul", "(did you mean angular?)."),
        ("evaluate EVENT --tracker kalmann", "(did you mean kalman?)."),
        ("evaluate EVENT --tracker oracle --index annoy --buckets covr", "(did you mean cover?)."),
        ("run EVENT --suite buckets", "(did you mean bucketing?)."),
        ("run EVENT --profile ful", "(did you mean full?)."),
        ("certify --clause tie", "(did you mean ties"),
        ("reproduce --only ceiling", "(did you mean ceilings"),
        ("data simulate muon", "(did you mean muons?)."),
        ("data info NAMED", "it has gx, gy, gz: name its columns with --columns x=NAME"),
    ],
)
def test_a_near_name_is_offered(line, said, event, tmp_path, monkeypatch, capsys):
    (tmp_path / "named.csv").write_text("gx,gy,gz\n1,2,3\n")
    places = {"EVENT": event, "NAMED": str(tmp_path / "named.csv")}
    assert run_in_process([places.get(word, word) for word in line.split()], monkeypatch) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        ("-k", "1000000"),
        ("-k", "9" * 5000),
        ("--queries", "9" * 5000),
        ("--seed", "9" * 30),
        ("--threads", "9" * 5000),
        ("--timeout", "nan"),
        ("--timeout", "inf"),
        ("--repeats", "9" * 20),
        ("--memory-limit", "9" * 20),
        ("--min-pt", "1e999"),
        ("--min-hits", "9" * 20),
        ("--min-share", "1e999999999"),
        ("--min-share", "4/0"),
        ("--min-share", "1/" + "9" * 5000),
        ("--volumes", ","),
        ("--columns", ","),
        ("--volumes", "9" * 5000),
    ],
)
def test_a_number_that_nothing_can_be_done_with_is_one_sentence(
    options, event, monkeypatch, capsys
):
    assert run_in_process(["evaluate", event, *options], monkeypatch) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert len(line) < 600


def test_an_answer_that_does_not_fit_into_memory_is_refused_before_it_is_made(toy_event):
    cell = Cell.of(toy_event, index="scipy-kdtree", bucket_size=100)
    check_memory(cell, 350, 4 * 350 * 100)
    with pytest.raises(BadInputError, match=r"350 queries with 100 hits each take 0\.0 GiB, more"):
        check_memory(cell, 350, 4 * 350 * 100 - 1)
