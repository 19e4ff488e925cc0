"""The licences that we have read: one reviewable file a text, what each asks of a use, and of what descends from it."""
