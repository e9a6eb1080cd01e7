"""The computation graph of a sample, drawn as a tree from E down; a node with several above it is written once."""
