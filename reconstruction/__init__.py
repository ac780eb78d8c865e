"""Reconstruction of a sample of securitisations of non-performing loans (see __main__ for how to run it)."""
