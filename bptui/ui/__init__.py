"""The screen: draws a ``Frame``, turns keys and clicks into methods of ``Session``; knows no mathematics."""
