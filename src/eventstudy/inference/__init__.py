"""Test statistics, one per file; each is a plug-in that sees only abnormal returns."""
