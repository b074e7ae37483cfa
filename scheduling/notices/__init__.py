"""What the clinic tells people about their visits."""
