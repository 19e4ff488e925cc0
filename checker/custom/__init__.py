"""Rules that an organisation writes itself, in the Common Expression Language."""
