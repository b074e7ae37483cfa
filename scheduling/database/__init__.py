"""What happens while the database is away, hung, locked, read-only or full; imports nothing of ours."""
