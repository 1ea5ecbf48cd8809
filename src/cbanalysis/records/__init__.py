"""Meeting records: registers of a commune or of the whole country, checked and added up to attendance rates.

One record says, for a cell and a month, how many members were due, excused and present. The questions are
ibis expressions: DuckDB answers them inside this process, Spark or any other engine that ibis speaks on
request.
"""

from cbanalysis.common.errors import optional_libraries

with optional_libraries():
    from cbanalysis.records.attendance import attendance, meetings_held, over_the_year
    from cbanalysis.records.attendance_classes import classes, year_classes
    from cbanalysis.records.checked_register import Checked, check
    from cbanalysis.records.notes_and_tables import (
        about,
        chart_notes,
        class_table,
        event_compared,
        fault_table,
        gap_between_readings,
        notice_text,
        too_few,
    )
    from cbanalysis.records.register_opening import Register, made_up_register, open_register
    from cbanalysis.records.withholding import withhold

__all__ = [
    "Checked", "Register", "about", "attendance", "chart_notes", "check", "class_table", "classes",
    "event_compared", "fault_table", "gap_between_readings", "made_up_register", "meetings_held",
    "notice_text", "open_register", "over_the_year", "too_few", "withhold", "year_classes",
]  # fmt: skip
