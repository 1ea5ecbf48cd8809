"""Pictures of what ``rates`` returned: a frame in, a :class:`Chart` out; nothing is computed here."""

from cbanalysis.charts.beside import beside
from cbanalysis.charts.change import dumbbell, slope
from cbanalysis.charts.control import control_chart
from cbanalysis.charts.counts import count_bars
from cbanalysis.charts.coverage import coverage_matrix
from cbanalysis.charts.dots import ranked_dots
from cbanalysis.charts.findings import audit_findings
from cbanalysis.charts.funnel import funnel
from cbanalysis.charts.given import Words
from cbanalysis.charts.heatmap import heatmap
from cbanalysis.charts.ladder import attendance_ladder
from cbanalysis.charts.look import theme
from cbanalysis.charts.multiples import small_multiples
from cbanalysis.charts.ratings import rating_bars
from cbanalysis.charts.rhythm import rhythm
from cbanalysis.charts.saving import save
from cbanalysis.charts.scatter import scatter
from cbanalysis.charts.style import Chart
from cbanalysis.charts.tiles import tile_map
from cbanalysis.charts.trend import trend

__all__ = [
    "Chart",
    "Words",
    "attendance_ladder",
    "audit_findings",
    "beside",
    "control_chart",
    "count_bars",
    "coverage_matrix",
    "dumbbell",
    "funnel",
    "heatmap",
    "ranked_dots",
    "rating_bars",
    "rhythm",
    "save",
    "scatter",
    "slope",
    "small_multiples",
    "theme",
    "tile_map",
    "trend",
]
