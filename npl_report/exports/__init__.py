"""What leaves the site as files: data, workbooks, LaTeX, charts, citations."""
