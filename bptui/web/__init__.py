"""The program in a browser: a server for this machine, and a process and a folder of its own for each visitor."""
