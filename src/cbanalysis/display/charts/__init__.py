"""Pictures of what ``rates`` returned: a frame in, a :class:`Chart` out; nothing is computed here."""

from cbanalysis.display.charts.caption import Words
from cbanalysis.display.charts.change import dumbbell, slope
from cbanalysis.display.charts.control import control_chart, rhythm
from cbanalysis.display.charts.counts import count_bars
from cbanalysis.display.charts.coverage import coverage_matrix
from cbanalysis.display.charts.dots import ranked_dots
from cbanalysis.display.charts.findings import audit_findings
from cbanalysis.display.charts.funnel import funnel
from cbanalysis.display.charts.heatmap import heatmap
from cbanalysis.display.charts.ladder import attendance_ladder
from cbanalysis.display.charts.look import theme
from cbanalysis.display.charts.multiples import small_multiples
from cbanalysis.display.charts.page import Chart
from cbanalysis.display.charts.peers import beside
from cbanalysis.display.charts.picture_files import save
from cbanalysis.display.charts.ratings import rating_bars
from cbanalysis.display.charts.scatter import scatter
from cbanalysis.display.charts.tiles import tile_map
from cbanalysis.display.charts.trend import trend

__all__ = [
    "Chart", "Words", "attendance_ladder", "audit_findings", "beside", "control_chart", "count_bars",
    "coverage_matrix", "dumbbell", "funnel", "heatmap", "ranked_dots", "rating_bars", "rhythm", "save",
    "scatter", "slope", "small_multiples", "theme", "tile_map", "trend",
]  # fmt: skip
