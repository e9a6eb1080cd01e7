"""Access to the operating system: files, folders, processes and the terminal."""
