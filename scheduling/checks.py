"""Conventions and conditions that Django's checks watch over."""
