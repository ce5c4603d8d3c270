"""What a message means: text in, values out. Nothing here waits, writes or asks the clock."""
