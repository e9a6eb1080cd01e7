"""Help as data: what each term and each screen means, and the manual: Markdown pages in ``manual/``."""
