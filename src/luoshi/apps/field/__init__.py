"""What grid workers and officers carry: finds, visits and checks, also without a signal."""
