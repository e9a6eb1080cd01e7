"""The report: a page, plots and every number of some runs, as a folder of files."""
