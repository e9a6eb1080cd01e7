"""The audit: which printed values are wrong in themselves, and which only follow from those; no catalogue is needed."""
