"""Drawing on cells, without widgets: lines, the canvas, the network diagram and plots."""
