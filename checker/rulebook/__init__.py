"""What a rule is: its settings, its outcome, its documentation, and how rule files are found."""
