"""The actions of `weighbridge waiver`, one file each."""
