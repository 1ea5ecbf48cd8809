"""Classes and colours: limits hold all values, words name them, text can be read on them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cbanalysis.display.charts.colour_classes import (
    SEQUENCE,
    Classes,
    contrast,
    count_classes,
    fitting,
    ink_on,
    percent_classes,
)
from cbanalysis.display.charts.text_width import text_width
from chart_checks import said_in


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20))
def test_percent_classes_hold_all_values_in_at_most_five_classes(values: list[float]) -> None:
    """Limits enclose the values, and a greater value never has a paler colour."""
    classes = percent_classes(values)
    assert classes.edges[0] <= min(values)
    assert max(values) <= classes.edges[-1]
    assert 1 <= len(classes.colours) <= 5
    shades = [SEQUENCE.index(classes.colour(value)) for value in sorted(values)]
    assert shades == sorted(shades)


@given(st.lists(st.integers(1, 20_000), min_size=1, max_size=20))
def test_count_classes_hold_all_values_in_at_most_six_classes(values: list[int]) -> None:
    """The upper limit lies above the largest count."""
    classes = count_classes(values)
    assert classes.edges[0] == 1
    assert max(values) < classes.edges[-1]
    assert len(classes.colours) <= len(SEQUENCE)


def test_a_limit_belongs_to_the_class_that_it_begins() -> None:
    """A value on a limit takes the upper class; the last class includes its upper limit."""
    classes = Classes((80, 90, 100))
    pale, dark = classes.colours
    assert [classes.colour(value) for value in (80, 89.99, 90, 100)] == [pale, pale, dark, dark]


def test_classes_are_named_in_both_languages() -> None:
    """Percent classes say where they end, count classes are whole numbers."""
    assert said_in("vi", Classes((80, 90, 100)).words) == ("80 đến dưới 90%", "90 đến 100%")
    assert said_in("en", Classes((80, 90, 100)).words) == ("80 to under 90%", "90 to 100%")
    assert said_in("vi", count_classes([1, 7, 30]).words) == ("1", "2–4", "5–9", "10–19", "20–49")
    assert said_in("en", count_classes([4000]).words)[-1] == "1,000–9,999"


def test_one_class_is_neither_the_palest_nor_the_darkest() -> None:
    """A single value gets a class of its own with a colour from the middle."""
    assert percent_classes([97.0]).edges == (97, 98)
    assert percent_classes([100.0]).colours == (SEQUENCE[2],)


@pytest.mark.parametrize("colour", SEQUENCE)
def test_ink_can_be_read_on_every_class_colour(colour: str) -> None:
    """The contrast is at least 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    assert contrast(ink_on(colour), colour) >= 4.5


def test_class_colours_differ_from_their_neighbours_in_lightness() -> None:
    """Neighbours can be told apart without colour vision."""
    assert all(contrast(one, other) >= 1.2 for one, other in pairwise(SEQUENCE))


def test_a_line_shrinks_until_it_fits_but_not_below_the_least_size() -> None:
    """The size is kept where the line fits, reduced where not, never below the least."""
    wide = text_width("Bà Rịa", 8.0)
    assert fitting("Bà Rịa", wide + 0.01, 8.0, 5.0) == 8.0
    assert fitting("Bà Rịa", wide * 0.75, 8.0, 5.0) == pytest.approx(6.0)
    assert fitting("Bà Rịa", wide * 0.1, 8.0, 5.0) == 5.0
