"""Data sources, one per file; each is a plug-in that returns :class:`Prices`."""
