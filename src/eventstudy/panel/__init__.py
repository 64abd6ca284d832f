"""A panel of many securities and events: tables in, tidy tables out, no YAML."""

from eventstudy.panel.job import Design, Inputs
from eventstudy.panel.run import ALPHA, PanelResult, run_panel
from eventstudy.panel.write import PAGE, check_out, facts, write_panel

__all__ = [
    "ALPHA",
    "PAGE",
    "Design",
    "Inputs",
    "PanelResult",
    "check_out",
    "facts",
    "run_panel",
    "write_panel",
]
