"""What people do with a plan, each action written once: the command line and the service call the same."""
