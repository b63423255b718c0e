"""The desk: where staff read, answer and move cases."""
