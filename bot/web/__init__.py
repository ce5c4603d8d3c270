"""The web side: the page, its chat API, health, and the demonstration's chairs and clock."""
