"""What each runtime holds while it serves: one module a runtime, all with the same two functions.

`phases` gives the moments in which memory may be fullest, each with its terms, on the fullest device; `notes` says what
is assumed of the runtime.
"""
