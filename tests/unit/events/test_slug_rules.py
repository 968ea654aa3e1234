"""Words in addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventreg.events.slug_rules import LONGEST_SLUG, is_valid_slug, next_free_slug, slug_from_title


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Łódź: współpraca ĄĘ – 2026", "lodz-wspolpraca-ae-2026"),
        ("  Dobre praktyki (II) ", "dobre-praktyki-ii"),
        ("Żółć ŹŃĆŚ", "zolc-zncs"),
        ("Größe & Ðđ", "grosse-dd"),
        ("!!!", "wydarzenie"),
        ("New", "wydarzenie"),
        ("a" * 300, "a" * 70),
    ],
)
def test_from_titles(title: str, slug: str) -> None:
    assert slug_from_title(title) == slug


def test_long_titles_are_cut_between_words() -> None:
    slug = slug_from_title("Stała Ogólnopolska Konferencja Współpracy Międzynarodowej Samorządów Terytorialnych")
    assert slug == "stala-ogolnopolska-konferencja-wspolpracy-miedzynarodowej-samorzadow"


@pytest.mark.parametrize("slug", ["", "-a", "a-", "a--b", "A", "ą", "a/b", "a.b", "a" * 101, "new"])
def test_not_valid(slug: str) -> None:
    assert not is_valid_slug(slug)


def test_next_free() -> None:
    assert next_free_slug("warsztaty", set()) == "warsztaty"
    assert next_free_slug("warsztaty", {"warsztaty"}) == "warsztaty-2"
    assert next_free_slug("warsztaty", {"warsztaty", "warsztaty-2"}) == "warsztaty-3"
    assert next_free_slug("a" * 100, {"a" * 100}) == "a" * 98 + "-2"


@given(st.text(max_size=300))
def test_every_title_gives_a_valid_slug(title: str) -> None:
    slug = slug_from_title(title)
    assert is_valid_slug(slug)
    taken = {slug}
    assert is_valid_slug(next_free_slug(slug, taken))
    assert len(slug) <= LONGEST_SLUG
