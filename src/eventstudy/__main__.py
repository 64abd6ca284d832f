"""``python -m eventstudy``: the same as the command ``eventstudy``."""

from __future__ import annotations

import sys

from eventstudy.cli import main

sys.exit(main())
