"""The past brought in: a hotline's export, with whatever headings it has, becomes cases that have ended."""
