"""npl_report: periodic research reports on NPL securitisations, computed from deal-level data.

The folders are the stages, in the order in which data pass through them: ``load`` → ``stats`` → ``tables`` → ``text`` →
``present`` → ``publish`` → ``cli``; ``model`` holds the values that travel.
"""

import npl_report.arithmetic  # noqa: F401 -- before anything that loads numpy

__version__ = "0.1.0"
