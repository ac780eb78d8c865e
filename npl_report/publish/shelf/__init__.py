"""The folder ``site/``: editions that are published once and never written again, and the files at its root that list them."""
