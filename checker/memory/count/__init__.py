"""A count of every tensor of a training step: what each operation allocates, what autograd keeps, when it is let go.

The modelling code is written out as functions over tensors that have a size and no content. As in the real thing, a
tensor is gone when the last function, graph node or module that holds it lets go: lifetimes are Python's own.
"""
