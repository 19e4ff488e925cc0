"""What the organisation says of itself in its policy: facts about the licensee, stated once by those who know."""
