"""Size and power of tests under a design: samples drawn, events laid over them, rejections counted."""

from eventstudy.simulate.design import Base, Law, Returns, Simulation
from eventstudy.simulate.loading import SimulationFile, load
from eventstudy.simulate.run import COLUMNS, SimulationResult, seconds, simulate, verdict
from eventstudy.workers import Workers

__all__ = [
    "COLUMNS",
    "Base",
    "Law",
    "Returns",
    "Simulation",
    "SimulationFile",
    "SimulationResult",
    "Workers",
    "load",
    "seconds",
    "simulate",
    "verdict",
]
