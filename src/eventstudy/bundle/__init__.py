"""Replication bundles: everything that a study needs to be run again by others, and the check that it can be."""

from eventstudy.bundle.contents import Given, write_bundle
from eventstudy.bundle.verify import Checked, verify

__all__ = ["Checked", "Given", "verify", "write_bundle"]
