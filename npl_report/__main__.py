"""``python -m npl_report`` is ``npl-report``."""

from npl_report.cli import main

if __name__ == "__main__":
    main()
