"""The PDF note."""
