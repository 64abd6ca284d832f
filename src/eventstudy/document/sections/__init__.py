"""The sections of the page: one file each, found by :mod:`eventstudy.registry`."""
