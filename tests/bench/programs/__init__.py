"""Programs that bptui is compared with: each does as little as its kind of program can do."""
