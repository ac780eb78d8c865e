"""Stage 4: results + a language → strings, table views, chart specifications, page contexts. Computes no figure."""
