"""Evidence that the gate ran: one line a run, each linked to the line before it (`check --record`)."""
