"""What the pages of an audit show, as sections of cells: no HTML is made here."""
