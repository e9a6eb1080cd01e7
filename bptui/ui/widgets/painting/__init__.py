"""From lines with meaning to what the terminal shows: their columns, their styles, and the two ways to paint them."""
