"""Published figures against ours."""
