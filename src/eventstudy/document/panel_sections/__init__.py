"""The sections of the page of a panel: one file each, found by :mod:`eventstudy.registry`."""
