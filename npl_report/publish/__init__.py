"""Stage 5: pages → a staging folder → an edition's tree. Everything is gathered before the first byte is written."""
