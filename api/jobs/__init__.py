"""Durable jobs: solve, import, draft from a file, export; queued, watched, cancelled, and finished after a crash.

The web server holds a ``service.JobService`` and only writes and reads the queue. Worker
processes (``worker``, started by ``crew``) take jobs from it, and do each in a child process of
its own (``child``), which can be interrupted, stopped, or die without taking anything along.
"""
