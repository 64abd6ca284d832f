"""The report: sections return blocks, one template writes them, one page holds everything."""
