"""Whatever happens to a folder of records: what was finished is there, and what is not is said."""

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from nearhit.datasets.trackml_writer import write_event
from sample_records import a_record

from nearhit.cells.cell import Cell
from nearhit.errors import BadInputError
from nearhit.measure.runner import run_cells
from nearhit.records.checksum import FORMAT, canonical_json
from nearhit.records.record import Record
from nearhit.records.store import Store

TESTS = Path(__file__).parent
KILLS = 200
SIZES = (5, 6, 7, 8, 9, 10)


@pytest.fixture(scope="module")
def event(toy_event, tmp_path_factory):
    prefix = tmp_path_factory.mktemp("events") / "event000000001"
    write_event(toy_event, prefix)
    return prefix


def nearhit(*arguments, prefix=()):
    command = [*prefix, sys.executable, "-m", "nearhit", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(event, results, *options, sizes=SIZES):
    sizes = [option for size in sizes for option in ("-k", size)]
    return nearhit(
        "run", event, "--index", "scipy-kdtree", *sizes, "--repeats", 1, "--threads", 1,
        "--results", results, *options,
    )  # fmt: skip


def lines_in(results):
    files = results.rglob("*.jsonl")
    return [(file, line) for file in files for line in file.read_bytes().splitlines()]


def python(script, *arguments, prefix=()):
    command = [*prefix, sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


WRITER = """
    import os, random, signal, sys, time
    from pathlib import Path
    sys.path.insert(0, sys.argv[1])
    from sample_records import a_record
    from nearhit.records.store import Store

    def write(store, tell, first):
        for number in range(first, first + 1000):
            store.add(a_record(peak_memory_mb=float(number)))
            os.write(tell, b"%d\\n" % number)

    store, kills = Store(Path(sys.argv[2])), int(sys.argv[3])
    random.seed(kills)
    start = time.perf_counter()
    for number in range(5):
        store.add(a_record(peak_memory_mb=float(number)))
        print(number)
    one = (time.perf_counter() - start) / 5
    for kill in range(1, kills + 1):
        heard, tell = os.pipe()
        writer = os.fork()
        if writer == 0:
            write(store, tell, 1000 * kill)
        os.close(tell)
        time.sleep(random.uniform(0, 3 * one))
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        with open(heard) as said:
            print(said.read(), end="")
"""


@pytest.mark.slow
def test_no_kill_loses_a_record_that_was_finished(tmp_path):
    done = python(WRITER, TESTS, tmp_path, KILLS)
    finished = [float(number) for number in done.stdout.split()]
    assert not done.stderr
    kept, torn = readable(tmp_path)
    assert len(torn) <= 1  # the last writer's; the others' were cut off by the next append
    numbers = [record.peak_memory_mb for record in kept]
    assert len(set(numbers)) == len(numbers)
    assert max(numbers) >= 1000  # some were written by writers that were killed
    assert set(finished) <= set(numbers)
    assert len(numbers) <= len(finished) + KILLS  # one that was not told of, a kill
    assert all(replace(record, peak_memory_mb=12.5) == a_record() for record in kept)


@pytest.mark.slow
def test_kills_of_a_run_lose_nothing_and_it_goes_on_where_it_was(event, tmp_path):
    before, moments = [], random.Random(7)  # noqa: S311 - moments, no secrets
    for _ in range(3):
        process = run(event, tmp_path)
        while process.poll() is None and len(lines_in(tmp_path)) <= len(before):
            time.sleep(0.02)
        time.sleep(moments.uniform(0, 0.1))
        process.kill()
        process.communicate()
        after = lines_in(tmp_path)
        assert after[: len(before)] == before
        before = after
    assert run(event, tmp_path).communicate()[0]
    assert lines_in(tmp_path)[: len(before)] == before
    records, torn = readable(tmp_path / "records")
    assert torn == []  # the last run was not killed
    cells = [record.cell.bucket_size for record in records]
    assert sorted(cells) == list(SIZES)  # none is lost, none was measured twice


def test_two_runs_at_once_share_the_cells(event, tmp_path):
    both = [run(event, tmp_path, "--json") for _ in range(2)]
    (first, second), errors = zip(*(process.communicate() for process in both), strict=True)
    assert [process.returncode for process in both] == [0, 0], errors
    assert json.loads(first) == json.loads(second)
    cells = [record.cell.bucket_size for record in Store(tmp_path / "records")]
    assert sorted(cells) == list(SIZES)


def test_a_run_says_that_it_waits_for_another(event, tmp_path):
    from nearhit.machine.hardware import this_machine

    provenance = replace(a_record().provenance, machine=this_machine())
    with Store(tmp_path / "records").turn(provenance):
        process = run(event, tmp_path, sizes=(5,))
        said = process.stderr.readline()
        assert said.startswith("nearhit: Another run measures into")
        assert process.poll() is None
        assert not lines_in(tmp_path)
    process.communicate()
    assert process.returncode == 0
    assert len(lines_in(tmp_path)) == 1


def _take_turn_and_stay(folder, provenance, taken):
    with Store(folder).turn(provenance):
        taken.set()
        time.sleep(600)


def test_who_is_killed_gives_the_turn_back(tmp_path):
    provenance, taken = a_record().provenance, multiprocessing.Event()
    holder = multiprocessing.Process(target=_take_turn_and_stay, args=(tmp_path, provenance, taken))
    holder.start()
    taken.wait()
    waited = []
    os.kill(holder.pid, signal.SIGSTOP)  # it cannot give its turn back by itself

    def kill(sentence):
        waited.append(sentence)
        holder.kill()

    with Store(tmp_path, waiting=kill).turn(provenance):
        assert len(waited) == 1
    holder.join()


@pytest.fixture
def small_disk(tmp_path):
    """A command that runs another with a disk of 600 KiB in a folder of its own."""
    mount = 'mount -t tmpfs -o size=600k none "$0" && exec "$@"'
    folder = tmp_path / "disk"
    folder.mkdir()
    prefix = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, str(folder))
    with suppress(FileNotFoundError):
        if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:
            return prefix, folder
    pytest.skip("no disk can be mounted here")


FILLER = """
    import subprocess, sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[1])
    from sample_records import a_record
    from nearhit.records.store import Store
    from nearhit.errors import BadInputError

    def said(action):
        try:
            action()
        except BadInputError as error:
            return str(error)

    folder, record = Path(sys.argv[2]), a_record()
    store, written = Store(folder / "records"), 0
    def fill():
        global written
        while True:
            store.add(record)
            written += 1
    full = said(fill)
    assert "No space left on device" in full and "what was recorded before is kept" in full, full
    assert list(store) == [record] * written and written > 100
    assert not list(folder.rglob("*.part"))
    assert "No space left" in said(lambda: store.prepare(record.provenance))
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    for action in (lambda: store.add(record), lambda: store.prepare(record.provenance)):
        assert "Read-only file system" in said(action)
    assert "Read-only file system" in said(lambda: store.turn(record.provenance).__enter__())
    assert list(store) == [record] * written
    print("so it is")
"""


def test_a_full_disk_and_one_that_is_read_only_keep_what_is_there(small_disk):
    prefix, folder = small_disk
    done = python(FILLER, TESTS, folder, prefix=prefix)
    assert (done.stdout, done.stderr) == ("so it is\n", "")


def test_a_run_on_a_full_disk_ends_before_it_measures(small_disk, event):
    prefix, folder = small_disk
    fill = 'head -c 500k /dev/zero > "$0/zeros"; exec "$@"'
    process = nearhit(
        "run", event, "--index", "scipy-kdtree", "-k", 5, "--results", folder,
        prefix=(*prefix, "sh", "-c", fill, str(folder)),
    )  # fmt: skip
    shown, said = process.communicate()
    assert process.returncode == 2
    assert "No space left on device" in said
    assert (said.count("\n"), shown) == (1, "")


@pytest.mark.skipif(os.getuid() == 0, reason="root writes where it likes")
def test_a_folder_that_may_not_be_written(tmp_path):
    store = Store(tmp_path / "records")
    store.add(a_record())
    for folder in (tmp_path / "records").rglob("*/"):
        folder.chmod(0o555)
    with pytest.raises(BadInputError, match="Permission denied"):
        store.add(a_record())
    with pytest.raises(BadInputError, match="Permission denied"):
        store.prepare(a_record().provenance)
    assert list(store) == [a_record()]


def test_a_file_in_the_way_of_the_folder_is_found_before_anything_is_measured(toy_event, tmp_path):
    (tmp_path / "records").write_text("")
    cell = Cell.of(toy_event, index="scipy-kdtree", bucket_size=5, threads=1)
    with pytest.raises(BadInputError, match=r"records/.* cannot be written"):
        run_cells(toy_event, [cell], Store(tmp_path / "records"))


def readable(folder):
    """Return the records that can be read, and what is said of the others."""
    said = []
    return list(Store(folder, unreadable=said.append)), said


def test_a_record_that_was_cut_anywhere_is_told_of(tmp_path):
    file = Store(tmp_path).add(a_record())
    whole = file.read_text()
    for length in range(1, len(whole) - 1, 7):  # all but the end of the line is needed
        file.write_text(whole[:length])
        records, said = readable(tmp_path)
        assert records == []
        (sentence,) = said
        assert f"{file}, line 1, is not a readable record (it was cut or edited: " in sentence
        assert "delete the line and measure its cell again" in sentence


@pytest.mark.parametrize("cut", [2, 100, -2, -1])
def test_the_next_record_begins_on_a_line_of_its_own(tmp_path, cut):
    store, numbers = Store(tmp_path), (1.0, 2.0, 3.0)
    first, torn, last = (a_record(peak_memory_mb=number) for number in numbers)
    file = store.add(first)
    with file.open("a") as left:
        left.write(f"{torn.to_json()}\n"[:cut])
    whole = [first, torn] if cut == -1 else [first]  # only the end of the line is missing
    records, said = readable(tmp_path)
    assert records == whole
    assert all(f"{file}, line 2," in sentence for sentence in said)
    assert len(said) == 2 - len(records)
    store.add(last)
    assert readable(tmp_path) == ([*whole, last], [])


def test_an_append_that_fails_halfway_leaves_the_file_as_it_was(tmp_path):
    """A limit on the size of files ends a write halfway, as a full disk does."""
    file = Store(tmp_path).add(a_record())
    whole = file.read_bytes()
    code = """
        import resource, sys
        from pathlib import Path
        sys.path.insert(0, sys.argv[1])
        from sample_records import a_record
        from nearhit.errors import BadInputError
        from nearhit.records.store import Store
        limit = int(sys.argv[3])
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try: Store(Path(sys.argv[2])).add(a_record())
        except BadInputError as error: print(error)
    """
    for room in (0, 1, len(whole) // 2, len(whole) - 1):
        done = python(code, TESTS, tmp_path, len(whole) + room)
        assert f"{file} cannot be written (File too large)" in done.stdout, done.stderr
        assert file.read_bytes() == whole


def test_a_reader_beside_a_writer_sees_whole_lines(tmp_path):
    writer = multiprocessing.Process(target=_add_many, args=(tmp_path,))
    writer.start()
    while writer.is_alive():
        assert set(map(Record.to_json, Store(tmp_path))) <= {a_record().to_json()}
    writer.join()
    assert list(Store(tmp_path)) == [a_record()] * 100


def _add_many(folder):
    for _ in range(100):
        Store(folder).add(a_record())


@pytest.mark.parametrize("content", ["", "\n", "\n\n"])
def test_a_file_without_lines_holds_no_record(tmp_path, content):
    file = Store(tmp_path).add(a_record())
    file.write_text(content)
    assert readable(tmp_path) == ([], [])


def says_the_same(one, other):
    """Return whether two lines are the same JSON: digits beyond precision change nothing."""
    try:
        return json.loads(one) == json.loads(other)
    except ValueError:
        return False


def test_no_sign_of_a_record_is_changed_unseen(tmp_path):
    file = Store(tmp_path).add(a_record())
    whole, chance = file.read_bytes(), random.Random(1)  # noqa: S311 - as above
    for place in range(len(whole) - 1):
        other = chance.choice(b'0123456789abcdef-+.,:{}[]" \xff')
        changed = whole[:place] + bytes([other]) + whole[place + 1 :]
        file.write_bytes(changed)
        records, said = readable(tmp_path)
        assert records == ([a_record()] if says_the_same(changed, whole) else [])
        assert len(said) == 1 - len(records)


def edited(file, change):
    raw = json.loads(file.read_text())
    change(raw)
    file.write_text(canonical_json(raw))


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw["quality"].update(recall=1.0),
        lambda raw: raw["status"].update(outcome="skipped"),
        lambda raw: raw["cell"].update(bucket_size=20),
        lambda raw: raw["provenance"].update(commit="def"),
        lambda raw: raw.pop("sha256"),
        lambda raw: raw.update(format=1),
        lambda raw: raw.pop("cell"),
        lambda raw: raw.update(n_hits="many"),
    ],
)
def test_a_record_that_was_edited_is_told_of(tmp_path, change):
    file = Store(tmp_path).add(a_record())
    edited(file, change)
    records, said = readable(tmp_path)
    assert records == []
    assert len(said) == 1
    assert "it was edited after it was written" in said[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw["cell"].update(bucket_size=20),
        lambda raw: raw["cell"]["trackable"].update(min_share="1/0"),
        lambda raw: raw["provenance"].update(commit="def"),
        lambda raw: raw["provenance"]["machine"].update(name="other"),
        lambda raw: raw["provenance"]["versions"].update(annoy="1.1"),
        lambda raw: raw.pop("cell"),
        lambda raw: raw.update(timing=5),
        lambda raw: raw.update(format="1"),
        lambda raw: raw.update(format=None),
    ],
)
def test_the_identity_of_a_record_without_checksum_is_checked(tmp_path, change):
    file = old_file(tmp_path, a_record())
    assert "sha256" not in file.read_text()
    assert readable(tmp_path) == ([a_record()], [])
    edited(file, change)
    records, said = readable(tmp_path)
    assert records == []
    assert len(said) == 1


def old_file(folder, record):
    """Write a record as format 1 had it, without a checksum in a file of its own."""
    raw = json.loads(record.to_json()) | {"format": 1}
    del raw["sha256"]
    file = folder / "box" / "abc" / f"{record.identity}.1.json"
    file.parent.mkdir(parents=True)
    file.write_text(canonical_json(raw))
    return file


def test_records_that_lie_in_another_place_are_told_of(tmp_path):
    file = Store(tmp_path).add(a_record())
    (tmp_path / "other").mkdir()
    for place in (tmp_path / "other" / "abc.jsonl", file.with_name("def.jsonl")):
        file = file.rename(place)
        records, said = readable(tmp_path)
        assert records == []
        assert "belongs to another machine or commit" in said[0]


def test_an_old_record_that_lies_in_another_place_is_told_of(tmp_path):
    file = old_file(tmp_path, a_record())
    other = tmp_path / "other" / "abc"
    other.mkdir(parents=True)
    places = {
        other / file.name: "belongs to another machine or commit",
        file.with_name("copy.json"): "does not belong to its name",
    }
    for place, sentence in places.items():
        file = file.rename(place)
        records, said = readable(tmp_path)
        assert records == []
        assert sentence in said[0]
        other.rename(other.parent / "abc") if other.exists() else None


@pytest.mark.parametrize("text", ["", "[]", "3", "null", "{}", "\x00" * 100, '{"format": []}'])
def test_what_is_no_record_at_all_is_told_of(tmp_path, text):
    packed = Store(tmp_path / "packed").add(a_record())
    old = old_file(tmp_path / "old", a_record())
    for file in (packed, old):
        file.write_text(text)
        records, said = readable(file.parents[-len(tmp_path.parts) - 1])
        assert records == []
        wanted = [f"{file}, line 1, is not a readable record"] if text or file == old else []
        assert [sentence.partition(" (")[0] for sentence in said] == wanted


def test_a_record_of_a_newer_nearhit_is_not_to_be_deleted(tmp_path):
    file = Store(tmp_path).add(a_record(format=FORMAT + 1))
    with pytest.raises(BadInputError, match="update nearhit") as refusal:
        list(Store(tmp_path))
    assert str(file) in str(refusal.value)
    assert "delete" not in str(refusal.value)


def test_the_sound_ones_are_read_beside_the_others(tmp_path):
    store = Store(tmp_path)
    for number in range(3):
        file = store.add(a_record(peak_memory_mb=float(number)))
    first, second, third = file.read_text().splitlines()
    file.write_text(f"{first}\n{second[:99]}\n{third}\n")
    records, said = readable(tmp_path)
    assert [record.peak_memory_mb for record in records] == [0.0, 2.0]
    assert f"{file}, line 2," in said[0]
    file.write_text(f"{first}\n{second[:99]}\n{third[:99]}\n")
    lenient = Store(tmp_path, unreadable=said.append)
    assert lenient.find(a_record().cell, a_record().provenance).peak_memory_mb == 0.0


def test_a_machine_of_the_same_name_is_not_taken_for_this_one(tmp_path):
    record = a_record()
    store = Store(tmp_path)
    store.add(record)
    machine = record.provenance.machine
    more_memory = replace(record.provenance, machine=replace(machine, memory_mb=1040))
    assert store.find(record.cell, more_memory) == record
    other = replace(record.provenance, machine=replace(machine, cpu="B CPU"))
    with pytest.raises(BadInputError, match=r"another machine that is called box.*NEARHIT_MACHINE"):
        store.find(record.cell, other)


def test_what_is_damaged_is_measured_again_and_left_out_of_the_report(event, tmp_path):
    run(event, tmp_path, sizes=(5, 8)).communicate()
    (file, damaged), (_, sound) = lines_in(tmp_path)
    file.write_bytes(damaged[:100] + b"\n" + sound + b"\n")
    where = "line 1, is not a readable record"
    report = nearhit("report", "--results", tmp_path)
    _, said = report.communicate()
    assert report.returncode == 1
    assert f"{file}, {where}" in said
    page = (tmp_path / "tables.md").read_text()
    assert f"* {file.relative_to(tmp_path)}, {where}" in page
    assert str(tmp_path) not in page
    again = run(event, tmp_path, sizes=(5, 8))
    _, said = again.communicate()
    assert again.returncode == 0
    assert said.count("is not a readable record") == 1
    lines = lines_in(tmp_path)
    assert lines[:2] == [(file, damaged[:100]), (file, sound)]
    assert len(lines) == 3


def test_every_record_of_the_project_is_read():
    records = list(Store(TESTS.parents[1] / "results" / "records"))  # refuses what is unreadable
    assert len(records) > 500
    assert all(Record.from_json(record.to_json()) == record for record in records)
