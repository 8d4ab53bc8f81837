"""Agreements: by what right data are held, what that lets be done with them, and when they must go."""
