"""The problem: every setting of a training as plain, validated data, and the weights it starts from."""
