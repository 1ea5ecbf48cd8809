"""What make quick runs: the tests of what changed, nearest first, as long as there is time."""

from __future__ import annotations

import pytest

from quick import Limit, chosen


def names(*files: str) -> list[str]:
    """Return the test files chosen for some changed files."""
    return [test.stem for test in chosen(files)]


def test_the_tests_of_a_changed_module_come_first_then_those_of_its_users() -> None:
    """A change in rates runs test_rates_*, then what imports rates; what doesn't know it isn't run."""
    found = names("src/cbanalysis/statistics/rates/intervals.py")
    own = [name for name in found if name.startswith("test_rates")]
    assert found[: len(own)] == own == sorted(own) != []
    assert "test_records" in found
    assert "test_text" not in found


def test_everything_above_a_module_at_the_bottom_is_run() -> None:
    """A change in text reaches the charts by way of observations, later than what imports text itself."""
    found = names("src/cbanalysis/common/text/number_words.py")
    assert found[0] == "test_text"
    assert found.index("test_observations") < found.index("test_charts_trend")


@pytest.mark.whole
def test_a_changed_test_and_the_users_of_a_changed_helper_are_run() -> None:
    """Tests may change too."""
    assert names("tests/test_words.py") == ["test_words"]
    assert "test_helpers" in names("tests/kernel_helpers.py")
    assert names() == names("README.md") == []


def test_what_is_late_is_left_to_make_test() -> None:
    """A test that would begin after the time is up is skipped with a reason; before, it runs."""
    early, late = Limit(1000), Limit(-1)
    early.pytest_runtest_setup()
    with pytest.raises(pytest.skip.Exception, match="left to make test"):
        late.pytest_runtest_setup()
    assert early.said() == "1 tests ran"
    assert late.said().startswith("NOTHING WAS TESTED; 1 more were left to make test")


def test_that_nothing_was_tested_is_said() -> None:
    """Whoever changed nothing, or only what no test reads, is told so in capitals."""
    assert Limit(1000).said().startswith("NOTHING WAS TESTED: no file that differs from main")
