"""Tests of a policy: an organisation's own cases, what they cover, and which loosening none of them would notice."""
