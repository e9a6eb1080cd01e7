"""The screen: draws a ``Frame`` and turns keys and clicks into methods of ``Session``; knows no mathematics."""
