"""The problem: every setting of a run as plain, validated data, and the initial parameters."""
