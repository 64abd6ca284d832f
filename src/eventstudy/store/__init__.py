"""The cache on disk: every download as the source gave it, append-only, whole or not at all."""

from eventstudy.store.download import Download, Request
from eventstudy.store.inventory import Entry, Verified
from eventstudy.store.store import Store, default_folder

__all__ = ["Download", "Entry", "Request", "Store", "Verified", "default_folder"]
