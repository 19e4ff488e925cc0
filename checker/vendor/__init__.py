"""Fetches policy layers from other hosts and puts them beside the policy; only `lock` does that."""
