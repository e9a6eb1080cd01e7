"""One file per panel: each draws a ``Frame`` as lines of text and does nothing else."""
