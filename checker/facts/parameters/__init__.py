"""Parameters counted from dimensions, one formula a family of models, each held against published totals.

What is counted is the model as it is loaded: a head tied to the embeddings counts once; masks, rotary tables and
position ids that some files store do not count, nor do modules that only serve speculative decoding. An encoder counts
with its pooler where the family has one, and without a head for masked words.
"""
