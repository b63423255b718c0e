"""The outbox and its ways out."""
