"""The report: a folder of files with a page, plots and every number of some runs."""
