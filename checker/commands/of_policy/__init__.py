"""The actions of `weighbridge policy`."""
