"""What supervisors ask, by command or in plain words: one function a command, and buttons to go deeper and back."""
