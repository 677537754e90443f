"""Fault injection: a service used over HTTP while its processes are killed.

``service`` keeps the processes as an operator's service manager does, ``saboteur`` kills them,
``client`` repeats what was not answered, ``office`` works through its rounds, ``judge`` looks
at what is left.
"""
