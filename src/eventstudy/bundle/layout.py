"""Where everything stands in a bundle."""

from __future__ import annotations

README, CITATION, CRATE, PACKAGE = (
    "README.md",
    "CITATION.cff",
    "ro-crate-metadata.json",
    "datapackage.json",
)
SUMS, FACTS, EXHIBITS, SCRIPT = "SHA256SUMS", "bundle.json", "exhibits.csv", "run.sh"
STUDY, OUTPUT, ENVIRONMENT, SOFTWARE = "study", "output", "environment", "software"
REQUIREMENTS, PYTHON = f"{ENVIRONMENT}/requirements.txt", f"{ENVIRONMENT}/python-version"
RERUN = "rerun"
"""Folder of the new output of the script: no part of the bundle."""
LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What file managers leave in folders that they show."""
PRICES = "prices.parquet"
SECOND = "second-prices.parquet"
FORMAT = 2
"""Format of bundles that this version writes and reads."""
EXPORTS = ("csv", "tex", "md", "figures")
"""Formats of the tables and figures of a bundle."""
