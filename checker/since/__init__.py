"""What a change adds: both sides of the merge base judged by today's policy, and compared."""
