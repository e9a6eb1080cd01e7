"""The search for changes that account for the slips an audit found."""
