"""Pictures of what ``rates`` returned: a frame in, a :class:`Chart` out; nothing is computed here."""

from cbanalysis.display.charts.attendance_ladder import attendance_ladder
from cbanalysis.display.charts.audit_findings import audit_findings
from cbanalysis.display.charts.caption import Words
from cbanalysis.display.charts.control_chart_and_rhythm import control_chart, rhythm
from cbanalysis.display.charts.count_bars import count_bars
from cbanalysis.display.charts.coverage_matrix import coverage_matrix
from cbanalysis.display.charts.dumbbell_and_slope import dumbbell, slope
from cbanalysis.display.charts.funnel import funnel
from cbanalysis.display.charts.heatmap import heatmap
from cbanalysis.display.charts.look import theme
from cbanalysis.display.charts.one_beside_peers import beside
from cbanalysis.display.charts.page import Chart
from cbanalysis.display.charts.picture_files import save
from cbanalysis.display.charts.ranked_dots import ranked_dots
from cbanalysis.display.charts.rating_bars import rating_bars
from cbanalysis.display.charts.scatter import scatter
from cbanalysis.display.charts.small_multiples import small_multiples
from cbanalysis.display.charts.tile_map import tile_map
from cbanalysis.display.charts.trend import trend

__all__ = [
    "Chart", "Words", "attendance_ladder", "audit_findings", "beside", "control_chart", "count_bars",
    "coverage_matrix", "dumbbell", "funnel", "heatmap", "ranked_dots", "rating_bars", "rhythm", "save",
    "scatter", "slope", "small_multiples", "theme", "tile_map", "trend",
]  # fmt: skip
