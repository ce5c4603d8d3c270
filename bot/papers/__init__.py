"""What is printed rather than said: sheets that a person carries away."""
