"""npl_report: periodic research reports on NPL securitisations, computed from deal-level data.

The folders are the stages. A stage imports from those to the right of it only, and stages parted by a bar know nothing
of each other: ``cli`` > ``delivery`` > ``publish`` | ``engines`` > ``build`` > ``site`` > ``note`` > ``exports`` >
``typesetting`` > ``present`` > ``compare`` > ``reconcile`` > ``tables`` | ``editions`` > ``load`` | ``stats`` |
``text`` > ``files`` > ``model``.

Data pass through them from ``load`` over ``stats``, ``tables`` and ``text`` to ``present`` and what prints; ``model``
holds the values that travel.
"""

import npl_report.arithmetic  # noqa: F401 -- before anything that loads numpy

__version__ = "0.1.0"
