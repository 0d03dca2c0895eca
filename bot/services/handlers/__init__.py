"""What each noun does when something happens elsewhere: handlers of events, called by the bus and by nobody else."""
