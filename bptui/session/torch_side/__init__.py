"""The second opinion of torch: its process, what it answers, and its side of the comparison."""
