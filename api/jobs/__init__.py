"""Durable jobs: queued, watched, cancelled, resumed after a crash. See ``kinds`` for what they do.

The web server holds a ``service.JobService``, which only writes and reads the queue. Worker
processes (``worker``, started by ``crew``) take jobs from it and do each (``work``) in a child
process of its own (``child``), which can be interrupted, stopped or killed without harm to others.
"""
