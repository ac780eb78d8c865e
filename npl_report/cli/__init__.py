"""The command line.

Heavy libraries are imported by the command that needs them, so that ``--help`` is there at once.
"""

from __future__ import annotations

import sys

from npl_report.model.errors import DefinitionError, InputError


def main() -> None:
    """Run ``npl-report``: exit 0 ok, 1 a problem the user can put right, 2 wrong usage, 3 our bug."""
    from npl_report.cli.app import app
    from npl_report.cli.console import as_json_wanted, report_bug, report_problems, unreadable

    try:
        app()
    except InputError as error:
        report_problems(error.problems, as_json=as_json_wanted(sys.argv))
        sys.exit(1)
    except (IsADirectoryError, NotADirectoryError, PermissionError) as error:  # one that is not there is asked for
        report_problems([unreadable(error)], as_json=as_json_wanted(sys.argv))
        sys.exit(1)
    except KeyboardInterrupt:
        print("stopped; nothing was changed", file=sys.stderr)  # noqa: T201
        sys.exit(130)
    except (DefinitionError, Exception) as error:  # noqa: BLE001 -- the one place where a bug becomes a message
        report_bug(error)
        sys.exit(3)
