"""Other ways to plan the same instances, judged by the same independent check."""
