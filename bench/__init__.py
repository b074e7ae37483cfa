"""`make bench`: what the booking engine costs, as ratios to what the database costs. See README.md here."""
