"""Stage 2: arrays and frames → small results with shapes and units. Reads no files, knows no words."""
