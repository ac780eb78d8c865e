"""What pages and notes are set and drawn with: fonts, drawings, pandoc, processes."""
