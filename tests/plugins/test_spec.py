import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearhit.adapter import Setting
from nearhit.errors import BadInputError
from nearhit.plugins.registry import adapters
from nearhit.plugins.spec import IndexSpec, TrackerSpec


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("annoy", "annoy(ntrees=5,search_k=-1)"),
        (" annoy ( search_k = 7 , ntrees=2 ) ", "annoy(ntrees=2,search_k=7)"),
        ("faiss-ivf(nlist=64,nprobe=2)", "faiss-ivf(nlist=64,nprobe=2,storage=fp32)"),
        ("faiss-flat", "faiss-flat"),
        ("faiss-flat()", "faiss-flat"),
        ("pynndescent(epsilon=0)", "pynndescent(n_neighbors=15,n_trees=3,epsilon=0.0)"),
    ],
)
def test_an_index_is_printed_back_canonically(text, canonical):
    assert str(IndexSpec.parse(text)) == canonical
    assert IndexSpec.parse(canonical) == IndexSpec.parse(text)


@given(ntrees=st.integers(1, 10_000), search_k=st.integers(-1, 10**9))
def test_parsing_what_was_printed_gives_the_same_index(ntrees, search_k):
    spec = IndexSpec.parse(f"annoy(ntrees={ntrees},search_k={search_k})")
    assert IndexSpec.parse(str(spec)) == spec
    assert dict(spec.parameters) == {"ntrees": ntrees, "search_k": search_k}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("anoy", "no index 'anoy' (did you mean annoy"),
        ("annoy(ntree=5)", "no parameter of annoy 'ntree' (did you mean ntrees"),
        ("faiss-flat(M=5)", "takes no parameters"),
        ("annoy(ntrees=five)", "ntrees"),
        ("annoy(ntrees=1.5)", "ntrees"),
        ("annoy(ntrees=0)", "too small; the nearest valid value is 1"),
        ("annoy(ntrees=99999)", "too large; the nearest valid value is 10000"),
        ("pynndescent(epsilon=nan)", "epsilon"),
        ("annoy(ntrees)", "name=value"),
        ("annoy(ntrees=)", "name=value"),
        ("annoy(ntrees=1,ntrees=2)", "each name once"),
        ("annoy(ntrees=5", "cannot be parsed"),
        ("", "cannot be parsed"),
    ],
)
def test_what_cannot_be_an_index_is_refused_in_one_sentence(text, answer):
    with pytest.raises(BadInputError) as refusal:
        IndexSpec.parse(text)
    assert answer in str(refusal.value)
    assert "\n" not in str(refusal.value)


@given(st.text(max_size=40))
def test_no_text_is_answered_with_anything_but_a_sentence(text):
    try:
        IndexSpec.parse(text)
    except BadInputError as refusal:
        assert str(refusal).endswith(".")


@pytest.mark.parametrize("name", sorted(adapters()))
def test_defaults_obey_their_own_limits(name):
    spec = IndexSpec.parse(name)
    assert IndexSpec.parse(str(spec)) == spec
    adapter = spec.adapter(Setting("euclidean", 1, 0))
    assert all(getattr(adapter, key) == value for key, value in spec.parameters)


@pytest.mark.parametrize(
    ("text", "brief"),
    [
        ("annoy", "annoy"),
        ("annoy(ntrees=5)", "annoy"),
        ("annoy(ntrees=1,search_k=200)", "annoy(ntrees=1,search_k=200)"),
        ("hnswlib(ef=200)", "hnswlib(ef=200)"),
    ],
)
def test_in_brief_defaults_are_left_out_and_nothing_is_lost(text, brief):
    spec = IndexSpec.parse(text)
    assert spec.brief == brief
    assert IndexSpec.parse(spec.brief) == spec


def test_in_brief_a_tracker_tells_its_least_hits_and_one_that_is_gone_all():
    assert TrackerSpec.parse("kalman").brief == "kalman(min_hits=4)"
    assert TrackerSpec.parse("acts(seed_pt=0.4)").brief == "acts(min_hits=6)"
    gone = IndexSpec("gone", (("leaves", 3), ("deep", True)))
    assert gone.brief == str(gone) == "gone(leaves=3,deep=true)"
