"""One edition, from the project to a folder."""
