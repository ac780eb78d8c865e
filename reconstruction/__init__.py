"""Reconstruction of a sample of 96 securitisations of non-performing loans (see __main__ for how to run it)."""
