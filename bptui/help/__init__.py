"""Help as data: what each term and each screen means, with links between them."""
