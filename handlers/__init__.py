"""What Jiesu says and does: plain synchronous functions: Turn in, effects written as they come."""
