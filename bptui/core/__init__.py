"""The mathematics of backpropagation on small networks: pure NumPy, no screen, no torch, no files.

The notation, used everywhere below and nowhere redefined:

* ``x1, x2, ..`` are the inputs, ``y1, ..`` the targets, ``h1, ..`` and ``o1, ..`` the outputs of the hidden neurons and
  of the output neurons, ``in_h1``, ``in_o1`` their weighted inputs.
* ``log_sum_exp`` and ``softmax_o1, ..`` are additional intermediate values of a round with cross entropy.
* ``dE_do1, ..`` and every ``do1_din_o2`` are those of a round with softmax outputs.
* ``E`` is the loss; ``dE_dw1`` (read: dE/dw1) a gradient; ``delta_o1`` = dE/d(in_o1) a neuron's delta.
* ``w1, ..`` are the weights, numbered gap by gap from the inputs on, and ``b_h1, ..``, ``b_o1, ..`` the biases, if
  any. ``new_w1`` is a parameter after the round's update.
* ``eta`` (shown η) is the learning rate; by gradient descent ``new_w1 = w1 - eta * dE_dw1``.
* Where a problem has several samples, what belongs to one carries its number: ``x1_s2``, ``h1_s2``, ``E_s2``.
* ``v_w1``, ``m_w1`` are what an optimiser keeps for a parameter; ``t`` is the number of the round.
* A *round* is one forward pass, one backward pass and one update. Rounds count from 1. Everything a round shows is
  computed from the *state* it started with: the parameters, weights first, then what the optimiser keeps.

In general formulas ``v_ij`` is the weight from input i to hidden neuron j, and ``w_jk`` the weight from hidden neuron j
to output k: the first index is the source, the second the destination.
"""
