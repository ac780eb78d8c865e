"""Editions into ``site/``, and whether what stands there is as it was published."""
