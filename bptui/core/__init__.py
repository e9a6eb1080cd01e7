"""The mathematics of backpropagation on small networks: pure NumPy, no screen, no torch, no files.

The notation, used everywhere below and nowhere redefined:

* ``x1, x2, ..`` are the inputs, ``y1, ..`` the targets, ``h1, ..`` and ``o1, ..`` the outputs of the hidden neurons and
  of the output neurons, ``in_h1``, ``in_o1`` their weighted inputs.
* ``log_sum_exp`` and ``softmax_o1, ..`` are intermediate values that a round with cross entropy has besides.
* ``E`` is the loss; ``dE_dw1`` (read: dE/dw1) a gradient; ``delta_o1`` = dE/d(in_o1) a neuron's delta.
* ``w1, ..`` are the weights, numbered gap by gap from the inputs on, and ``b_h1, ..``, ``b_o1, ..`` the biases, where
  there are any. ``new_w1`` is a parameter after the round's update.
* ``eta`` (shown η) is the learning rate: ``new_w1 = w1 - eta * dE_dw1``.
* A *round* is one forward pass, one backward pass and one update. Rounds count from 1, and everything a round
  shows is computed from the *state* it started with: so far the parameters, weights first.

In general formulas ``v_ij`` is the weight from input i to hidden neuron j, ``w_jk`` that from hidden neuron j to output
k: the first index is where a weight comes from, the second where it goes.
"""
