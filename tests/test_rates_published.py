"""Figures calculated elsewhere: our numbers agree with them to the digits printed there."""

import numpy as np
import pandas as pd
import pytest

from cbanalysis.statistics.rates import (
    add_rates,
    change,
    distribution,
    funnel_curve,
    funnel_limits,
    goodman,
    newcombe,
)
from plain_rows import rows


@pytest.mark.parametrize(
    ("count", "base", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_is_method_3_of_newcombes_table(count, base, low, high):
    """Newcombe (1998), Stat Med 17:857-872, Table I, method 3 (score interval without correction)."""
    rated = add_rates(rows({"count": count, "base": base})).iloc[0]
    assert rated["interval"] == "wilson"
    assert round(rated["rate_low"] / 100, 4) == low
    assert round(rated["rate_high"] / 100, 4) == high


@pytest.mark.parametrize(
    ("counts", "limits"),
    [
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.0582, 0.8062)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
        ((0, 10, 0, 10), (-0.2775, 0.2775)),
        ((10, 10, 0, 20), (0.6791, 1.0)),
        ((10, 10, 0, 10), (0.6075, 1.0)),
    ],
)
def test_newcombe_is_method_10_of_his_table(counts, limits):
    """Newcombe (1998), Stat Med 17:873-890, Table II, method 10, all eight examples."""
    low, high = newcombe(*([one] for one in counts))
    assert (round(float(low[0]) / 100, 4), round(float(high[0]) / 100, 4)) == limits


def test_newcombe_agrees_with_sas():
    """HIV trial, 84 of 101 against 89 of 105, in WUSS 2016 paper 127: -0.1177 to 0.0851."""
    low, high = newcombe([84], [101], [89], [105])
    assert (round(float(low[0]), 2), round(float(high[0]), 2)) == (-11.77, 8.51)


def test_change_between_two_years_is_newcombes_example():
    """48 of 80 in the first and 56 of 70 in the last year differ by 0.2, 0.0524 to 0.3339 (Newcombe 1998)."""
    given = rows(
        {"province": "An Giang", "count": 48, "base": 80, "period_end": "2010", "period_start": "2010"},
        {"province": "An Giang", "count": 56, "base": 70},
    )
    changed = change(add_rates(given), 2010, 2012).iloc[0]
    assert changed["interval"] == "newcombe"
    assert [round(changed[f"difference{one}"], 2) for one in ("", "_low", "_high")] == [20.0, 5.24, 33.39]


SISON_AND_GLAZ = (56, 72, 73, 59, 62, 87, 58)
GOODMANS_LIMITS = [
    (0.085, 0.166),
    (0.115, 0.204),
    (0.116, 0.207),
    (0.091, 0.173),
    (0.096, 0.181),
    (0.143, 0.239),
    (0.089, 0.171),
]


def test_goodman_is_the_table_of_sison_and_glaz():
    """Sison and Glaz (1995), J Am Stat Assoc 90:366-369, example of seven classes, Goodman's columns."""
    low, high = goodman(np.array(SISON_AND_GLAZ, dtype=float))
    found = [
        (round(float(one) / 100, 3), round(float(two) / 100, 3)) for one, two in zip(low, high, strict=True)
    ]
    assert found == GOODMANS_LIMITS


def test_distribution_gives_the_same_limits_for_ratings():
    """The classes of a rating get the limits of Sison and Glaz' example when they have its counts."""
    classes = ("exemplary", "strong_only", "strong", "good", "good_or_better", "fulfilled", "weak")
    given = rows(
        *(
            {
                "scheme": "org_2007",
                "category_id": one,
                "category_kind": "exclusive",
                "count": count,
                "base": 467,
            }
            for one, count in zip(classes, SISON_AND_GLAZ, strict=True)
        )
    )
    shares = distribution(given)
    assert (shares["share_low"] / 100).round(3).tolist() == [low for low, _ in GOODMANS_LIMITS]
    assert (shares["share_high"] / 100).round(3).tolist() == [high for _, high in GOODMANS_LIMITS]


# PHEindicatormethods, tests/testthat/testdata_funnel_prop_outputs.csv: population, lower and upper limit
# of 0.025, lower and upper limit of 0.001; the baseline is 80.642448
PHE_CURVE = [
    (1, 3.204264, 100, 0, 100),
    (2, 25.885383, 100, 0, 100),
    (3, 35.933491, 100, 10.150815, 100),
    (10, 56.154344, 100, 42.03259, 100),
    (18, 62.390093, 98.894803, 51.864359, 100),
    (41, 68.548635, 92.73626, 61.574398, 99.710497),
    (102, 72.974925, 88.309971, 68.553233, 92.731663),
    (539, 77.306949, 83.977947, 75.38344, 85.901456),
    (1008, 78.203374, 83.081521, 76.796814, 84.488082),
    (9998, 79.867989, 81.416907, 79.421375, 81.863521),
    (53016, 80.306129, 80.978767, 80.112181, 81.172715),
    (110000, 80.408963, 80.875933, 80.274317, 81.010578),
]


def test_funnel_curve_is_phes_table():
    """The limits at twelve bases are those that PHEindicatormethods tests its phe_funnels against."""
    baseline = add_rates(rows({"count": 80_642_448, "base": 100_000_000}))
    curve = funnel_curve(baseline, bases=[one[0] for one in PHE_CURVE])
    found = curve[["base", "lower_95", "upper_95", "lower_998", "upper_998"]].to_numpy()
    # the published baseline itself is rounded to six places
    np.testing.assert_allclose(found, np.array(PHE_CURVE), rtol=0, atol=2e-6)


def test_funnel_verdicts_are_phes():
    """Six English areas stand where PHEindicatormethods' phe_funnel_significance puts them."""
    areas = {
        "New Forest": (35078.488, 41980, "above_998"),
        "Norwich": (24803.6256, 31824, "below_998"),
        "South Gloucestershire": (50050.7443, 61921, "within"),
        "West Norfolk": (26789.238, 33012, "above_95"),
        "North Devon": (30277.5312, 37828, "below_95"),
        "Bracknell Forest": (21306.0303, 26333, "within"),
        # so large that the six leave the published average of all areas as it is
        "all other areas": (0.80642448e12, 1e12, "within"),
    }
    frame = pd.DataFrame(
        {
            "province": list(areas),
            "count": [one[0] for one in areas.values()],
            "base": [one[1] for one in areas.values()],
            "interval": "wilson",
            "rate_low": 0.0,
            "rate_high": 100.0,
        }
    ).assign(rate=lambda one: 100 * one["count"] / one["base"])
    assert funnel_limits(frame)["funnel"].tolist() == [one[2] for one in areas.values()]
