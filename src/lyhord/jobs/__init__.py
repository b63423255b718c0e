"""Work that is done after the answer is given: the queue, the workers and the schedule."""
