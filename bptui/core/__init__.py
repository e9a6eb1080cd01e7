"""The mathematics of backpropagation on small networks: pure NumPy, no screen, no torch, no files.

The notation, used everywhere below and nowhere redefined:

* ``d``, ``q``, ``l`` are the numbers of inputs, hidden neurons and outputs; ``x1..xd`` are the inputs, ``y1..yl``
  the targets, ``h1..hq`` and ``o1..ol`` the neurons' outputs, ``in_h1``, ``in_o1`` their weighted inputs.
* ``log_sum_exp`` and ``softmax_o1..`` are intermediate values that a round with cross entropy has besides.
* ``E`` is the loss; ``dE_dw1`` (read: dE/dw1) a gradient; ``delta_o1`` = dE/d(in_o1) a neuron's delta.
* ``w1..`` are the weights, first those into the hidden layer, then those into the output layer, and ``b_h1..``,
  ``b_o1..`` the biases, where there are any. ``new_w1`` is a parameter after the round's update.
* ``eta`` (shown η) is the step size: ``new_w1 = w1 - eta * dE_dw1``.
* A *round* is one forward pass, one backward pass and one update. Rounds count from 1, and everything a round
  shows is computed from the parameters it started with.

``V`` is the d-by-q matrix of weights from inputs to hidden neurons and ``W`` the q-by-l matrix from hidden neurons
to outputs: row = where a weight comes from, column = where it goes.
"""
