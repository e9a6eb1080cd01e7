"""One file a panel: each draws a ``Frame`` as lines of text and does nothing else."""
