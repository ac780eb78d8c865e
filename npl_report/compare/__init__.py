"""Two editions: what changed, and what moved it."""
