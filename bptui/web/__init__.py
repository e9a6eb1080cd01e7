"""The program in a browser: a local server, and a process and a folder of its own for each visitor."""
