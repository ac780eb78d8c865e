"""Stage 1: files → frozen, validated values with provenance. Computes nothing."""
