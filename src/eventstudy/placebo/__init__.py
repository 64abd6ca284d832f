"""Procedures: tests that refit or draw other dates; one file each."""
