"""Results of evaluations: files of harnesses read within limits, held against themselves, and compared."""
