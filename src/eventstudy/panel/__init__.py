"""A panel of many securities and events: tables in, tidy tables out, no YAML."""

from eventstudy.panel.job import Design, Inputs
from eventstudy.panel.run import PanelResult, run_panel
from eventstudy.panel.write import check_folder, write_panel

__all__ = ["Design", "Inputs", "PanelResult", "check_folder", "run_panel", "write_panel"]
