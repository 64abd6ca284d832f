"""Prices or flows become one Sample: a batch of N cells that travels together."""
