"""Gradient descent, stochastic gradient descent and momentum, small enough to read in one sitting."""
