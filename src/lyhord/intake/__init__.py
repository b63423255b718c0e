"""The one way in: channels make a Submission of what somebody said, and `receive` makes a case of it, once."""
