"""A project as small as can be, for starting the whole house: one page, one worker, one demo."""
