"""What outlives the program: session files, unsaved sessions and preferences."""
