import json

import pytest

from nearhit.cells.suites import cells_of
from nearhit.cells.tuned import (
    TUNED,
    TunedSetting,
    as_json,
    published_settings,
    read_tuned,
    tuned_settings,
)
from nearhit.errors import BadInputError
from nearhit.plugins.registry import adapters
from nearhit.plugins.spec import IndexSpec


def test_every_tuned_setting_is_of_its_library_and_names_all_parameters():
    assert tuned_settings()
    for library, setting in tuned_settings().items():
        spec = IndexSpec.parse(setting.index)
        assert (spec.name, str(spec)) == (library, setting.index)


def test_tuned_settings_are_written_as_they_are_read():
    assert as_json(read_tuned(TUNED)) == TUNED.read_text(encoding="utf-8")


def test_a_file_of_something_else_is_refused(tmp_path):
    file = tmp_path / "tuned.json"
    assert read_tuned(file) == {}
    for content in ("{", "[]", '{"annoy": {"index": "annoy"}}', '{"annoy": 5}'):
        file.write_text(content)
        with pytest.raises(BadInputError, match="does not hold tuned settings"):
            read_tuned(file)


def test_bucketing_measures_every_setting_once_and_with_the_others(toy_event):
    cells = cells_of("bucketing", "quick", toy_event)
    at_50 = [str(cell.index) for cell in cells if cell.bucket_size == 50]
    assert len(set(at_50)) == len(at_50)
    wanted = {*adapters(), *published_settings(), *(one.index for one in tuned_settings().values())}
    assert set(at_50) == {str(IndexSpec.parse(one)) for one in wanted}


def test_a_setting_survives_json():
    setting = TunedSetting(
        "annoy(ntrees=2,search_k=400)",
        "recall ≥ 0.9",
        "angular",
        50,
        2,
        ("a",),
        ("b",),
        9.5,
        "1",
        "",
    )
    assert TunedSetting.from_raw(json.loads(as_json({"annoy": setting}))["annoy"]) == setting
